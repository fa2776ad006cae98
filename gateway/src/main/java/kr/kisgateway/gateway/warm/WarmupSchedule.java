package kr.kisgateway.gateway.warm;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Optional;
import kr.kisgateway.market.TradingCalendar;

/**
 * When it is warmed: on trading days at a time of the day. What was missed because nothing ran is made good for half an hour;
 * after that the day is left out, because its calls would be in the way of those who trade.
 *
 * @param at in Seoul
 */
record WarmupSchedule(LocalTime at, TradingCalendar calendar) {
    static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(30);

    /** The day whose warming should have begun at {@code now}, but not longer than {@link #CATCH_UP_LIMIT} ago. */
    Optional<LocalDate> dueDay(Instant now) {
        LocalDate day = now.atZone(TradingCalendar.SEOUL).toLocalDate();
        Instant from = day.atTime(at).atZone(TradingCalendar.SEOUL).toInstant();
        return calendar.isTradingDay(day) && !now.isBefore(from) && now.isBefore(from.plus(CATCH_UP_LIMIT))
                ? Optional.of(day)
                : Optional.empty();
    }

    /** How long it is from {@code now} until the clock next shows {@link #at}, on whatever day. */
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
