package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import kr.kisgateway.market.TradingCalendar;

/**
 * The time of day at which the programs trade. Each but the first is by the exchanges' real hours, from half a minute before one
 * of their moments to the same time after it, and lasts until nothing can rest any more.
 */
enum DayTime {
    /** Continuous trading of every market, which the exchanges have at no time: a second session may follow after midnight. */
    CONTINUOUS(LocalTime.of(23, 47), 0, 0.4, Duration.ZERO),
    /** Trading at the close of the day before ends; NXT has its pre-market. */
    PREVIOUS_CLOSE_ENDS(LocalTime.of(8, 39, 25), 0, 0, Duration.ofHours(12)),
    /** NXT's pre-market ends, and with it what is valid in it alone. */
    PRE_MARKET_ENDS(LocalTime.of(8, 49, 25), 0, 0, Duration.ofHours(12)),
    /** KRX's opening auction ends, then NXT opens. */
    OPENING(LocalTime.of(8, 59, 25), 0, 0, Duration.ofHours(12)),
    /** The day market of US stocks opens. */
    DAY_MARKET_OPENS(LocalTime.of(9, 59, 25), 0, 1, Duration.ofHours(12)),
    /** KRX's closing auction begins, and NXT pauses. */
    CLOSING_AUCTION(LocalTime.of(15, 19, 25), 0, 0, Duration.ofHours(6)),
    /** KRX closes; NXT's after-market and trading at the close are prepared. */
    CLOSE(LocalTime.of(15, 29, 25), 0, 0, Duration.ofHours(6)),
    /** Trading at the close and NXT's after-market begin. */
    AFTER_HOURS(LocalTime.of(15, 39, 25), 0, 0, Duration.ofHours(6)),
    /** KRX's after-market begins. */
    AFTER_MARKET(LocalTime.of(15, 59, 25), 0, 0, Duration.ofHours(6)),
    /** The day market of US stocks ends and their pre-market begins. */
    US_PRE_MARKET(LocalTime.of(17, 59, 25), 0, 1, Duration.ofHours(14)),
    /** KRX's after-market and NXT close when the day has settled. */
    EVENING(LocalTime.of(19, 57, 55), 0, 0, Duration.ofMinutes(10)),
    /** New York opens. */
    US_OPENING(LocalTime.of(23, 29, 25), 0, 1, Duration.ofHours(9)),
    /** New York closes, and the after-market begins. */
    US_CLOSE(LocalTime.of(5, 59, 25), 1, 1, Duration.ofHours(2));

    private static final Duration SOON = Duration.ofHours(2);

    private final LocalTime from;
    private final int daysLater;
    private final double usDays;
    private final Duration rest;

    /**
     * @param daysLater dates in Korea after the trading day
     * @param usDays how many of these days have US orders
     * @param rest from the start until no order of the trading day rests anywhere
     */
    DayTime(LocalTime from, int daysLater, double usDays, Duration rest) {
        this.from = from;
        this.daysLater = daysLater;
        this.usDays = usDays;
        this.rest = rest;
    }

    /** Those by the exchanges' real hours. */
    static List<DayTime> byRealHours() {
        return List.of(values()).subList(1, values().length);
    }

    boolean hasRealHours() {
        return this != CONTINUOUS;
    }

    /** When the day begins, in Korea's time. */
    Instant open(LocalDate day) {
        return day.plusDays(daysLater)
                .atTime(from)
                .atZone(TradingCalendar.SEOUL)
                .toInstant();
    }

    double usDays() {
        return usDays;
    }

    /** Whether the orders of the day have ended within two hours. */
    boolean endsSoon() {
        return rest.compareTo(SOON) <= 0;
    }

    /** When every order of a day that began at {@code open} has ended. */
    Instant end(Instant open) {
        return open.plus(rest);
    }
}
