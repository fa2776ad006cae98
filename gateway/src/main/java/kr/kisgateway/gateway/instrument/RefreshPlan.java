package kr.kisgateway.gateway.instrument;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.random.RandomGenerator;
import kr.kisgateway.market.TradingCalendar;

/**
 * When the listing is renewed: on trading days at a time of the day, and up to {@link #JITTER} later, so that not every gateway
 * asks the broker's server in the same second.
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

    /** The next renewal after {@code now}; when no trading day is in sight, thirty days later. */
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
