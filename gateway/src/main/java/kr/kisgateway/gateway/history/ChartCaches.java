package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.history.BarSource.Minute;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.MarketSymbol;

/** Charts shared by gateways: the answer to one call to KIS, by its parameters. */
public record ChartCaches(
        SharedCache<DaysKey, BarSource.Page> days,
        SharedCache<MinutesKey, List<Minute>> minutes,
        SharedCache<PageKey, BarPageSource.Page> pages) {
    /** A page of bars of days and longer, both dates included. */
    public record DaysKey(MarketSymbol symbol, BarPeriod period, boolean adjusted, LocalDate from, LocalDate to) {}

    /** The minutes of a day, complete or so far. */
    public record MinutesKey(MarketSymbol symbol, LocalDate day) {}

    /** A page of bars whose newest begins at {@code last}, by the market's clock. */
    public record PageKey(MarketSymbol symbol, BarPeriod period, boolean adjusted, LocalDateTime last) {}

    /** Caches that share nothing. */
    public static ChartCaches none() {
        return new ChartCaches(SharedCache.none(), SharedCache.none(), SharedCache.none());
    }
}
