package kr.kisgateway.gateway.history;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.MarketSession;
import kr.kisgateway.market.PriceSeries;

/** Days of a market that are over, whose bars will not change any more. */
final class ClosedDays {
    private final MarketCalendar calendar;
    private final MarketCalendar exchange;
    private final InstantSource clock;

    ClosedDays(MarketCalendar calendar, InstantSource clock) {
        this.calendar = calendar;
        this.exchange = calendar.exchange();
        this.clock = clock;
    }

    ZoneId zone() {
        return calendar.zone();
    }

    /** Trading days of the market's exchange, also where its sessions are simulated. */
    MarketCalendar exchange() {
        return exchange;
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
        Instant now = clock.instant();
        return now.isBefore(calendar.endOf(today)) || !calendar.isTradingDay(today) || hasBars(calendar.session(now))
                ? today.minusDays(1)
                : today;
    }

    /** Whether the trades of a session make bars: those of the day market are a series of their own. */
    static boolean hasBars(MarketSession session) {
        return session.isOpen() && session.series() == PriceSeries.MAIN;
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
