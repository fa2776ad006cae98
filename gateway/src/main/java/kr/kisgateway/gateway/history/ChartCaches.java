package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import kr.kisgateway.gateway.ask.SharedCache;
import kr.kisgateway.gateway.history.BarSource.Minute;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;

/** Charts that gateways share: what one call to KIS brought, by its parameters. */
public record ChartCaches(
        SharedCache<DaysKey, BarSource.Page> days,
        SharedCache<MinutesKey, List<Minute>> minutes,
        SharedCache<UsChartKey, UsBarSource.Page> usCharts) {
    /** A page of bars of days and longer, both dates included. */
    public record DaysKey(Symbol symbol, BarPeriod period, boolean adjusted, LocalDate from, LocalDate to) {}

    /** The minutes of a day, as far as it has come. */
    public record MinutesKey(Symbol symbol, LocalDate day) {}

    /** A page of American bars that ends with the one that begins at {@code last}, by New York's clock. */
    public record UsChartKey(UsSymbol symbol, BarPeriod period, boolean adjusted, LocalDateTime last) {}

    /** Nothing is shared. */
    public static ChartCaches none() {
        return new ChartCaches(SharedCache.none(), SharedCache.none(), SharedCache.none());
    }

    /** Drops every chart of {@code symbol}. */
    void invalidate(Symbol symbol) {
        days.invalidate(new DaysKey(symbol, BarPeriod.DAY, false, LocalDate.EPOCH, LocalDate.EPOCH));
        minutes.invalidate(new MinutesKey(symbol, LocalDate.EPOCH));
    }
}
