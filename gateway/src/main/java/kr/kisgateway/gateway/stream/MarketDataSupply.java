package kr.kisgateway.gateway.stream;

import java.util.Optional;
import kr.kisgateway.market.MarketSymbol;

/** Gets what listeners want from KIS, pushed or polled. Answers at once; what changes later is told to the hub. */
public interface MarketDataSupply {
    /**
     * One more listener to {@code channel}, which is one of a symbol's.
     *
     * @param key the API key that it came with, which has its share of what KIS pushes; empty for a caller without one
     */
    DeliveryMode acquire(Channel channel, MarketSymbol symbol, Optional<String> key);

    /** One listener less, with the key of {@link #acquire}. */
    void release(Channel channel, MarketSymbol symbol, Optional<String> key);
}
