package kr.kisgateway.gateway.alert;

import java.time.Instant;
import java.time.LocalTime;
import kr.kisgateway.market.TradingCalendar;

/**
 * A part of each day in Korea.
 *
 * @param from its first moment
 * @param to the first moment after it; before {@code from} for a night, never equal to it
 */
public record DailyHours(LocalTime from, LocalTime to) {
    /** Whether {@code at} is in it. */
    public boolean contains(Instant at) {
        LocalTime time = at.atZone(TradingCalendar.SEOUL).toLocalTime();
        return isNight() ? !time.isBefore(from) || time.isBefore(to) : !time.isBefore(from) && time.isBefore(to);
    }

    /** When the hours end that contain {@code at}. */
    public Instant endAfter(Instant at) {
        var local = at.atZone(TradingCalendar.SEOUL);
        var day = isNight() && !local.toLocalTime().isBefore(from)
                ? local.toLocalDate().plusDays(1)
                : local.toLocalDate();
        return day.atTime(to).atZone(TradingCalendar.SEOUL).toInstant();
    }

    private boolean isNight() {
        return to.isBefore(from);
    }
}
