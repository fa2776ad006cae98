package kr.kisgateway.market;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The calendar of each market. Immutable. */
public final class MarketCalendars {
    private final Map<Market, MarketCalendar> byMarket;

    public MarketCalendars(Map<Market, ? extends MarketCalendar> byMarket) {
        this.byMarket = new LinkedHashMap<>(byMarket);
    }

    /** The calendars of {@code markets} beside that of the Korean market. */
    public static MarketCalendars of(Markets markets, TradingCalendar korean) {
        var byMarket = new LinkedHashMap<Market, MarketCalendar>();
        markets.all().forEach(policy -> byMarket.put(policy.market(), policy.calendar(korean)));
        return new MarketCalendars(byMarket);
    }

    /** The calendar of {@code market}, which must be one of {@link #markets}. */
    public MarketCalendar of(Market market) {
        MarketCalendar calendar = byMarket.get(market);
        if (calendar == null) {
            throw new IllegalArgumentException("there is no calendar of the market " + market.id());
        }
        return calendar;
    }

    /** Whether any market is open. */
    public boolean isAnyOpen(Instant now) {
        return byMarket.values().stream()
                .anyMatch(calendar -> calendar.session(now).isOpen());
    }

    /** The markets, Korea first. */
    public Set<Market> markets() {
        return Collections.unmodifiableSet(byMarket.keySet());
    }
}
