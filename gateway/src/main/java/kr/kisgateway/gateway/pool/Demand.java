package kr.kisgateway.gateway.pool;

import java.util.Optional;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.VenueSymbol;

/** A possible registration at KIS. */
public sealed interface Demand permits SymbolDemand, RawDemand {
    /** The market whose registrations it takes. */
    Market market();

    /** The symbol, or another name of what the values are about. */
    String code();

    /** The kind of data in lower case, for people. */
    String kindName();

    /** The venue, of a demand of a stock at NXT or at both venues together; empty for any other. */
    default Optional<String> venue() {
        return ofSymbol().flatMap(VenueSymbol::venueOf);
    }

    /** The symbol; empty for a raw demand. */
    default Optional<MarketSymbol> ofSymbol() {
        return this instanceof SymbolDemand(Kind _, MarketSymbol symbol) ? Optional.of(symbol) : Optional.empty();
    }

    /** Whether it is one kind of data about a symbol. */
    default boolean isOf(Kind kind) {
        return this instanceof SymbolDemand demand && demand.kind() == kind;
    }

    /** Kinds of data that KIS pushes, each by a TR of its own. */
    enum Kind {
        /** The tape, and the quote derived from it. */
        TRADES,
        /** The order book. */
        BOOKS,
        /**
         * Halts, interruptions and the like (장운영정보). No client subscribes to it: the pool adds it to registered trades where
         * a slot is left over, and it is never polled.
         */
        STATUS
    }

    /** What a subscriber uses it for. */
    enum Use {
        /** The newest price; polling can supply it. */
        QUOTE,
        /** Every trade; only the push has them. */
        TAPE,
        /** The order book; polling costs a call per symbol. */
        BOOK,
        /** Frames as they come; nothing replaces them. */
        RAW
    }
}
