package kr.kisgateway.gateway.stream;

import java.util.Optional;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.VenueSymbol;

/**
 * What the messages of a topic are about.
 *
 * @param code the instrument as the API writes it; empty for a channel without symbols
 * @param venue of a stock at one venue, or at both together; empty for the main prices
 */
record Subject(String code, Optional<String> venue) {
    /** Of a channel without symbols. */
    static final Subject NONE = new Subject("", Optional.empty());

    static Subject of(MarketSymbol symbol) {
        return new Subject(symbol.listed().code(), VenueSymbol.venueOf(symbol));
    }
}
