package kr.kisgateway.gateway.stream;

import kr.kisgateway.market.MarketSymbol;

/** Gets what listeners want from KIS, pushed or polled. Answers at once; what changes later is told to the hub. */
public interface Supply {
    /** One more listener to {@code channel}, which is one of a symbol's. */
    Served acquire(Channel channel, MarketSymbol symbol);

    /** One listener less. */
    void release(Channel channel, MarketSymbol symbol);
}
