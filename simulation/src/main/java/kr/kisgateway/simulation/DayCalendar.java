package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.TradingCalendar;

/** One or two short trading days: continuous trading from open to close of each; otherwise closed. */
record DayCalendar(List<Trading> days) implements TradingCalendar {
    /**
     * @param from start of the date
     * @param open start of trading
     */
    record Trading(LocalDate date, Instant from, Instant open, Instant close) {}

    DayCalendar {
        days = List.copyOf(days);
    }

    Trading first() {
        return days.getFirst();
    }

    Trading last() {
        return days.getLast();
    }

    @Override
    public Session session(Instant now) {
        return days.stream().anyMatch(day -> !now.isBefore(day.open()) && now.isBefore(day.close()))
                ? Session.REGULAR
                : Session.CLOSED;
    }

    @Override
    public LocalDate tradingDay(Instant now) {
        return last().from().isAfter(now) ? first().date() : last().date();
    }

    @Override
    public boolean isTradingDay(LocalDate date) {
        return days.stream().anyMatch(day -> day.date().equals(date));
    }

    @Override
    public Instant endOf(LocalDate tradingDay) {
        for (Trading day : days) {
            if (day.date().equals(tradingDay)) {
                return day.close();
            }
        }
        return first().close().plus(Duration.ofDays(ChronoUnit.DAYS.between(first().date(), tradingDay)));
    }
}
