package kr.kisgateway.gateway.parent;

import java.util.Optional;
import kr.kisgateway.market.MarketSymbol;

/** Obtains the prices of instruments. */
public interface PriceSupply {
    /** Demands prices of {@code symbol}. */
    void watch(MarketSymbol symbol);

    /** Ends the demand. */
    void unwatch(MarketSymbol symbol);

    /** The last price of {@code symbol}, requested now; empty when there is no answer. May block for seconds. */
    Optional<Requested> request(MarketSymbol symbol);

    /**
     * A price that was requested: when it was made is not known.
     *
     * @param price in units of the currency
     * @param volume shares traded today
     */
    record Requested(long price, long volume) {}
}
