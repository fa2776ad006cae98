package kr.kisgateway.gateway.warm;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Optional;
import kr.kisgateway.market.TradingCalendar;

/**
 * Schedule of the warm-up: on trading days at a time of the day. A start missed because the gateway was down is made up for
 * half an hour; after that the day is skipped, because its calls would compete with trading.
 *
 * @param at in Seoul
 */
record WarmupSchedule(LocalTime at, TradingCalendar calendar) {
    static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(30);

    /** The day whose warm-up is due at {@code now}, not longer than {@link #CATCH_UP_LIMIT} ago. */
    Optional<LocalDate> dueDay(Instant now) {
        LocalDate day = now.atZone(TradingCalendar.SEOUL).toLocalDate();
        Instant from = day.atTime(at).atZone(TradingCalendar.SEOUL).toInstant();
        return calendar.isTradingDay(day) && !now.isBefore(from) && now.isBefore(from.plus(CATCH_UP_LIMIT))
                ? Optional.of(day)
                : Optional.empty();
    }

    /** Time from {@code now} until the clock next shows {@link #at}, on any day. */
    Duration untilNext(Instant now) {
        LocalDate day = now.atZone(TradingCalendar.SEOUL).toLocalDate();
        Instant today = day.atTime(at).atZone(TradingCalendar.SEOUL).toInstant();
        return today.isAfter(now)
                ? Duration.between(now, today)
                : Duration.between(
                        now,
                        day.plusDays(1).atTime(at).atZone(TradingCalendar.SEOUL).toInstant());
    }
}
