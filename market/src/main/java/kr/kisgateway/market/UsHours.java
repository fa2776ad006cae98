package kr.kisgateway.market;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Set;

/** Trading hours of US stocks, by dates of New York. */
public interface UsHours extends MarketCalendar {
    /** The time zone of New York. */
    ZoneId NEW_YORK = ZoneId.of("America/New_York");

    /** The window that contains {@code now}. */
    UsWindow at(Instant now);

    @Override
    default ZoneId zone() {
        return NEW_YORK;
    }

    @Override
    default MarketCalendar exchange() {
        return new NewYorkHours(NyseDays.load());
    }

    @Override
    default UsSession session(Instant now) {
        return at(now).session();
    }

    /** The date whose trading the window of {@code now} belongs to; in New York's evening the next one. */
    @Override
    default LocalDate tradingDay(Instant now) {
        return at(now).date();
    }

    /** The next day in New York, since 2024-05-28. */
    @Override
    default int settlementDays() {
        return 1;
    }

    @Override
    default Set<PriceSeries> series() {
        return Set.of(PriceSeries.MAIN, PriceSeries.DAY_MARKET);
    }

    /** Whether the day market (주간거래) is on, which a Korean broker treats as a market of its own. */
    default boolean isDayMarket(Instant now) {
        return session(now).series() == PriceSeries.DAY_MARKET;
    }

    /** Whether {@link UsWindow#until} is defined; otherwise only a new query shows that a window has ended. */
    boolean hasDefinedEnd();

    /** The hours for a calendar of the Korean market: New York's own with KRX's, one long session with others. */
    static UsHours of(TradingCalendar calendar) {
        return calendar instanceof KrxCalendar ? new NewYorkHours(NyseDays.load()) : new SingleSessionUsHours(calendar);
    }
}
