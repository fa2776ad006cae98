package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.history.BarSource.Minute;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;

/** Charts shared by gateways: the answer to one call to KIS, by its parameters. */
public record ChartCaches(
        SharedCache<DaysKey, BarSource.Page> days,
        SharedCache<MinutesKey, List<Minute>> minutes,
        SharedCache<UsChartKey, UsBarSource.Page> usCharts) {
    /** A page of bars of days and longer, both dates included. */
    public record DaysKey(Symbol symbol, BarPeriod period, boolean adjusted, LocalDate from, LocalDate to) {}

    /** The minutes of a day, complete or so far. */
    public record MinutesKey(Symbol symbol, LocalDate day) {}

    /** A page of US bars whose newest bar begins at {@code last}, in New York time. */
    public record UsChartKey(UsSymbol symbol, BarPeriod period, boolean adjusted, LocalDateTime last) {}

    /** Caches that share nothing. */
    public static ChartCaches none() {
        return new ChartCaches(SharedCache.none(), SharedCache.none(), SharedCache.none());
    }

    /** Drops every chart of {@code symbol}. */
    void invalidate(Symbol symbol) {
        days.invalidate(new DaysKey(symbol, BarPeriod.DAY, false, LocalDate.EPOCH, LocalDate.EPOCH));
        minutes.invalidate(new MinutesKey(symbol, LocalDate.EPOCH));
    }
}
