package kr.kisgateway.gateway.risk;

import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Venue;

/** What the listing says about an order. */
public interface InstrumentChecks {
    /** Validates a symbol and, if given, a price: listed? on the tick table? */
    Optional<Refusal> check(MarketSymbol symbol, OptionalLong price);

    /** Validates that the venue takes such an order of a listed instrument. */
    default Optional<Refusal> checkVenue(MarketSymbol symbol, OrderKind kind, Venue venue) {
        return Optional.empty();
    }
}
