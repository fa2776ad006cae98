package kr.kisgateway.gateway.pool;

import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;

/** A possible registration at KIS: one kind of data about one symbol. */
public record Demand(Kind kind, MarketSymbol symbol) {
    Market market() {
        return symbol.market();
    }

    /** Kinds of data that KIS pushes, each by a TR of its own. */
    public enum Kind {
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
    public enum Use {
        /** The newest price; polling can supply it. */
        QUOTE,
        /** Every trade; only the push has them. */
        TAPE,
        /** The order book; polling costs a call per symbol. */
        BOOK
    }
}
