package kr.kisgateway.market;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;

/**
 * One trading day that never ends, for tests: continuous trading at every instant, and every instant belongs to the
 * configured day. The day never rolls, whatever the clock.
 */
public final class OpenFixedCalendar implements TradingCalendar {
    /** Late enough that no order outlives it, early enough that sums with it do not overflow. */
    private static final Instant FAR_FUTURE = Instant.parse("9999-12-31T00:00:00Z");

    private final LocalDate day;

    public OpenFixedCalendar(LocalDate day) {
        this.day = Objects.requireNonNull(day);
    }

    @Override
    public Session session(Instant now) {
        return Session.REGULAR;
    }

    @Override
    public LocalDate tradingDay(Instant now) {
        return day;
    }

    /** True only for the one day. */
    /** By calendar days: its own day never ends. */
    @Override
    public LocalDate tradingDayAfter(LocalDate date, int count) {
        return date.plusDays(count);
    }

    @Override
    public boolean isTradingDay(LocalDate date) {
        return day.equals(date);
    }

    /** The start of 9999-12-31: a day that never rolls has no end. */
    @Override
    public Instant endOf(LocalDate tradingDay) {
        return FAR_FUTURE;
    }
}
