package kr.kisgateway.simulator.broker;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.TradingCalendar;

/**
 * The calendar by the broker's own clock, which a fault may set ahead or behind. A calendar with a single day has no next
 * one: there a fault starts the following day, which counts as a trading day.
 */
final class SkewedCalendar implements TradingCalendar {
    /** Longer than any holiday of the exchange. */
    private static final int LONGEST_HOLIDAY = 30;

    private final TradingCalendar calendar;
    private final Faults faults;
    private final Set<LocalDate> startedDays = new HashSet<>();

    SkewedCalendar(TradingCalendar calendar, Faults faults) {
        this.calendar = calendar;
        this.faults = faults;
    }

    /** Starts the trading day after {@code day}. */
    LocalDate beginNextDay(LocalDate day) {
        return nextTradingDay(day).orElseGet(() -> {
            startedDays.add(day.plusDays(1));
            return day.plusDays(1);
        });
    }

    /** Resumes {@code day}, which an earlier run of the broker started. */
    void resume(LocalDate day, Instant now) {
        LocalDate today = calendar.tradingDay(now);
        if (day.isAfter(today) && nextTradingDay(today).isEmpty()) {
            startedDays.add(day);
        }
    }

    private Optional<LocalDate> nextTradingDay(LocalDate day) {
        return Stream.iterate(day.plusDays(1), next -> next.plusDays(1))
                .limit(LONGEST_HOLIDAY)
                .filter(calendar::isTradingDay)
                .findFirst();
    }

    @Override
    public Session session(Instant now) {
        return calendar.session(faults.brokerTime(now));
    }

    @Override
    public LocalDate tradingDay(Instant now) {
        return calendar.tradingDay(faults.brokerTime(now));
    }

    @Override
    public boolean isTradingDay(LocalDate date) {
        return calendar.isTradingDay(date) || startedDays.contains(date);
    }

    @Override
    public Instant endOf(LocalDate tradingDay) {
        Instant end = calendar.endOf(tradingDay);
        return end.minus(Duration.between(end, faults.brokerTime(end)));
    }
}
