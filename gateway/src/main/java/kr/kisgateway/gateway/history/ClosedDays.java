package kr.kisgateway.gateway.history;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.TradingCalendar;

/** Days that are over, whose bars will not change any more. */
final class ClosedDays {
    private final TradingCalendar calendar;
    private final KrxCalendar exchange = new KrxCalendar();
    private final InstantSource clock;

    ClosedDays(TradingCalendar calendar, InstantSource clock) {
        this.calendar = calendar;
        this.clock = clock;
    }

    ZoneId zone() {
        return calendar.zone();
    }

    LocalDateTime now() {
        return LocalDateTime.ofInstant(clock.instant(), zone());
    }

    LocalDate today() {
        return now().toLocalDate();
    }

    /** The last day that is over. */
    LocalDate lastClosedDay() {
        LocalDate today = today();
        return clock.instant().isBefore(calendar.endOf(today)) || !calendar.isTradingDay(today)
                ? today.minusDays(1)
                : today;
    }

    /** Whether {@code day} may have had trades; outside the exchange's calendar, each weekday may. */
    boolean mayHaveTraded(LocalDate day) {
        // A simulated market that is always open has lived through some days; before them it has the exchange's past.
        return calendar.isTradingDay(day)
                || exchange.isTradingDay(day)
                || day.isBefore(exchange.firstCoveredDay())
                        && day.getDayOfWeek().getValue() <= 5;
    }
}
