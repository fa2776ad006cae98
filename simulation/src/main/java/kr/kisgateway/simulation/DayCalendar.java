package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.TradingCalendar;

/** One short trading day: continuous trading from {@code open} until {@code close}; the days around it are closed. */
record DayCalendar(LocalDate day, Instant open, Instant close) implements TradingCalendar {
    @Override
    public Session session(Instant now) {
        return now.isBefore(open) || !now.isBefore(close) ? Session.CLOSED : Session.REGULAR;
    }

    @Override
    public LocalDate tradingDay(Instant now) {
        return day;
    }

    @Override
    public boolean isTradingDay(LocalDate date) {
        return date.equals(day);
    }

    @Override
    public Instant endOf(LocalDate tradingDay) {
        return close.plus(Duration.ofDays(ChronoUnit.DAYS.between(day, tradingDay)));
    }
}
