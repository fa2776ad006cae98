package kr.kisgateway.gateway.history;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import kr.kisgateway.gateway.cache.CacheStats;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;

/** The bar service of each market. */
public record BarServices(Map<Market, BarService> byMarket) {
    /** The service of the market of {@code symbol}. */
    public BarService of(MarketSymbol symbol) {
        return of(symbol.market());
    }

    /** The service of {@code market}, which must be one of {@link #markets}. */
    public BarService of(Market market) {
        return Objects.requireNonNull(byMarket.get(market), "a service of each market");
    }

    public Set<Market> markets() {
        return byMarket.keySet();
    }

    /** Statistics of the caches of all markets. */
    public List<CacheStats> stats() {
        return byMarket.values().stream()
                .flatMap(service -> service.stats().stream())
                .toList();
    }
}
