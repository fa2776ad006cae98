package kr.kisgateway.simulator;

import java.time.InstantSource;
import kr.kisgateway.market.FastClock;
import kr.kisgateway.market.FastTime;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.OpenFixedCalendar;
import kr.kisgateway.market.TradingCalendar;

/**
 * The values of {@code --clock}: when the market is open, and the time.
 *
 * <ul>
 *   <li>{@code open}: always open, now
 *   <li>{@code open-fixed}: always open, on the day of the start for ever
 *   <li>{@code real}: the exchanges' hours, now
 *   <li>{@code xN@2026-11-20T08:55}: the exchanges' hours; time starts then (Korean time) and runs N times as fast, N from 1
 *       to {@value FastClock#MAX_SPEED}
 *   <li>{@code xN@2026-11-20T08:55/2026-11-28T16:00:00Z}: the same; it is the first time when it really is the second
 * </ul>
 *
 * @param speed of the clock, as a multiple of real time
 */
record ClockOption(TradingCalendar calendar, InstantSource clock, int speed) {
    /**
     * @param real the machine's clock
     * @throws IllegalArgumentException with a sentence for the author of the option
     */
    static ClockOption parse(String text, InstantSource real) {
        return switch (text) {
            case "open" -> new ClockOption(new OpenCalendar(), real, 1);
            case "open-fixed" ->
                new ClockOption(
                        new OpenFixedCalendar(
                                real.instant().atZone(TradingCalendar.SEOUL).toLocalDate()),
                        real,
                        1);
            case "real" -> new ClockOption(new KrxCalendar(), real, 1);
            default -> {
                var time = FastTime.parse("--clock", text);
                yield new ClockOption(new KrxCalendar(), time.from(real), time.speed());
            }
        };
    }
}
