package kr.kisgateway.market;

import java.time.Instant;
import java.time.LocalDate;

/**
 * US stocks in the regular session whenever the calendar of its own market has it, on that market's dates, and nothing
 * else. For {@link OpenCalendar} and calendars of tests.
 */
final class SingleSessionUsHours implements UsHours {
    private final TradingCalendar calendar;

    SingleSessionUsHours(TradingCalendar calendar) {
        this.calendar = calendar;
    }

    @Override
    public UsWindow at(Instant now) {
        LocalDate date = calendar.tradingDay(now);
        boolean trades = calendar.isTradingDay(date) && calendar.session(now) == Session.REGULAR;
        return new UsWindow(trades ? UsSession.REGULAR : UsSession.CLOSED, date, Instant.MIN, Instant.MAX);
    }

    @Override
    public boolean hasDefinedEnd() {
        return false;
    }

    @Override
    public boolean isTradingDay(LocalDate date) {
        return calendar.isTradingDay(date);
    }

    @Override
    public LocalDate tradingDayAfter(LocalDate date, int count) {
        return calendar.tradingDayAfter(date, count);
    }

    @Override
    public Instant endOf(LocalDate date) {
        return calendar.endOf(date);
    }
}
