package kr.kisgateway.gateway.history;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import kr.kisgateway.gateway.meter.Meters;
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

    /** Registers the meters of the caches of all markets. */
    public void bindTo(Meters meters) {
        byMarket.values().forEach(service -> service.bindTo(meters));
    }
}
