package kr.kisgateway.simulator;

import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.OpenFixedCalendar;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.server.FastClock;

/**
 * The values of {@code --clock}: when the market is open, and the time.
 *
 * <ul>
 *   <li>{@code open}: always open, now
 *   <li>{@code open-fixed}: always open, on the day of the start for ever
 *   <li>{@code real}: the exchanges' hours, now
 *   <li>{@code xN@2026-11-20T08:55}: the exchanges' hours; time starts then (Korean time) and runs N times as fast, N from 1
 *       to {@value FastClock#MAX_SPEED}
 * </ul>
 */
record ClockOption(TradingCalendar calendar, InstantSource clock) {
    private static final Pattern FAST = Pattern.compile("x([0-9]{1,4})@(.+)");

    /**
     * @param real the machine's clock
     * @throws IllegalArgumentException with a sentence for the author of the option
     */
    static ClockOption parse(String text, InstantSource real) {
        return switch (text) {
            case "open" -> new ClockOption(new OpenCalendar(), real);
            case "open-fixed" ->
                new ClockOption(
                        new OpenFixedCalendar(
                                real.instant().atZone(TradingCalendar.SEOUL).toLocalDate()),
                        real);
            case "real" -> new ClockOption(new KrxCalendar(), real);
            default -> fast(text, real);
        };
    }

    private static ClockOption fast(String text, InstantSource real) {
        Matcher fast = FAST.matcher(text);
        if (!fast.matches()) {
            throw new IllegalArgumentException(
                    "--clock is open, open-fixed or real, or a speed and a start such as x10@2026-11-20T08:55, not "
                            + text);
        }
        int times = Integer.parseInt(fast.group(1));
        if (times < 1 || times > FastClock.MAX_SPEED) {
            throw new IllegalArgumentException(
                    "--clock runs 1 to " + FastClock.MAX_SPEED + " times as fast as real time, not " + times);
        }
        LocalDateTime start = start(fast.group(2));
        KrxCalendar calendar = new KrxCalendar();
        if (start.toLocalDate().isBefore(calendar.firstCoveredDay())
                || start.toLocalDate().isAfter(calendar.lastCoveredDay())) {
            throw new IllegalArgumentException("--clock starts on a day of the holiday calendar, from "
                    + calendar.firstCoveredDay() + " to " + calendar.lastCoveredDay() + ", not " + start.toLocalDate());
        }
        return new ClockOption(
                calendar,
                new FastClock(real, times, start.atZone(TradingCalendar.SEOUL).toInstant()));
    }

    private static LocalDateTime start(String text) {
        try {
            return LocalDateTime.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "--clock starts at a Korean time such as 2026-11-20T08:55, not " + text, e);
        }
    }
}
