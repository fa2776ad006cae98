package kr.kisgateway.gateway.instrument;

import java.util.List;
import java.util.Optional;

/**
 * All instruments of one market.
 *
 * @param staleReason why the list is not newer, as a sentence; absent when it is current
 */
public record MarketListing(
        ListingMarket market, Origin origin, List<? extends Listed> lines, Optional<String> staleReason) {
    public MarketListing {
        lines = List.copyOf(lines);
    }

    MarketListing withStaleReason(String reason) {
        return new MarketListing(market, origin, lines, Optional.of(reason));
    }
}
