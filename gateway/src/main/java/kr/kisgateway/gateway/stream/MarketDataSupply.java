package kr.kisgateway.gateway.stream;

import java.util.Optional;
import kr.kisgateway.market.MarketSymbol;

/** Obtains subscribed values from KIS, pushed or polled. Returns at once; later changes are reported to the hub. */
public interface MarketDataSupply {
    /**
     * Adds a subscriber to {@code channel}, a per-symbol channel.
     *
     * @param key API key of the subscriber, which has its share of the registrations; empty for a caller without one
     */
    DeliveryMode acquire(Channel channel, MarketSymbol symbol, Optional<String> key);

    /** Removes a subscriber, with the key of {@link #acquire}. */
    void release(Channel channel, MarketSymbol symbol, Optional<String> key);
}
