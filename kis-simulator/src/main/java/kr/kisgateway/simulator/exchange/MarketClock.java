package kr.kisgateway.simulator.exchange;

import java.time.Instant;
import java.time.ZoneId;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;

/**
 * The time of a market: its clock on the wall, and the numbers of its minutes since 1970, which the draws of
 * {@link DormantStock} follow from.
 *
 * @param zone of its clock
 * @param minutesAhead of universal time in the numbers of minutes; constant, also where the clock has summer time
 */
public record MarketClock(ZoneId zone, int minutesAhead) {
    public static final MarketClock KOREA = new MarketClock(TradingCalendar.SEOUL, 9 * 60);
    public static final MarketClock US = new MarketClock(UsHours.NEW_YORK, 0);

    /** The minute since 1970 that contains an instant. */
    public long minute(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), 60) + minutesAhead;
    }

    /** When a minute since 1970 starts. */
    public Instant start(long minute) {
        return Instant.ofEpochSecond((minute - minutesAhead) * 60);
    }

    /** The time on the wall as a number {@code HHmmss}. */
    public int timeOfDay(Instant at) {
        return Tape.timeOfDay(at.atZone(zone).toLocalTime());
    }
}
