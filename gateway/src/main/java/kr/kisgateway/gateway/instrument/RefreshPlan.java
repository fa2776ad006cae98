package kr.kisgateway.gateway.instrument;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.random.RandomGenerator;
import kr.kisgateway.market.TradingCalendar;

/**
 * Schedule of the listing's refresh: on trading days at a time of day plus a random delay up to {@link #JITTER}, so
 * that gateways do not all contact the broker's server in the same second.
 */
public final class RefreshPlan {
    static final Duration JITTER = Duration.ofMinutes(10);

    private static final int DAYS_AHEAD = 30;

    private final LocalTime at;
    private final TradingCalendar calendar;
    private final RandomGenerator random;

    /** @param at in Seoul */
    public RefreshPlan(LocalTime at, TradingCalendar calendar, RandomGenerator random) {
        this.at = at;
        this.calendar = calendar;
        this.random = random;
    }

    /** The next refresh after {@code now}; when the calendar has no further trading day, thirty days later. */
    Instant after(Instant now) {
        var today = now.atZone(TradingCalendar.SEOUL).toLocalDate();
        for (int ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
            var day = today.plusDays(ahead);
            var from = day.atTime(at).atZone(TradingCalendar.SEOUL).toInstant();
            if (from.isAfter(now) && calendar.isTradingDay(day)) {
                return from.plusMillis(random.nextLong(JITTER.toMillis()));
            }
        }
        return now.plus(Duration.ofDays(DAYS_AHEAD));
    }
}
