package kr.kisgateway.simulator.broker;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.TradingCalendar;

/** The calendar by the broker's own clock, which a fault may set ahead or behind. */
record SkewedCalendar(TradingCalendar calendar, Faults faults) implements TradingCalendar {
    @Override
    public Session session(Instant now) {
        return calendar.session(faults.shown(now));
    }

    @Override
    public LocalDate tradingDay(Instant now) {
        return calendar.tradingDay(faults.shown(now));
    }

    @Override
    public boolean isTradingDay(LocalDate date) {
        return calendar.isTradingDay(date);
    }

    @Override
    public Instant endOf(LocalDate tradingDay) {
        Instant end = calendar.endOf(tradingDay);
        return end.minus(Duration.between(end, faults.shown(end)));
    }
}
