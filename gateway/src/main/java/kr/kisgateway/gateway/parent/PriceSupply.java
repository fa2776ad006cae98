package kr.kisgateway.gateway.parent;

import kr.kisgateway.market.MarketSymbol;

/** Obtains the prices of instruments. */
public interface PriceSupply {
    /** Demands prices of {@code symbol}. */
    void watch(MarketSymbol symbol);

    /** Ends the demand. */
    void unwatch(MarketSymbol symbol);
}
