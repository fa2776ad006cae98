package kr.kisgateway.gateway.pool;

import kr.kisgateway.market.MarketSymbol;

/** What takes one registration at KIS: one kind of data about one symbol. */
public record Demand(Kind kind, MarketSymbol symbol) {
    Country country() {
        return Country.of(symbol);
    }

    /** What KIS pushes, each by a TR of its own. */
    public enum Kind {
        /** The tape, and the quote that follows from it. */
        TRADES,
        /** The order book. */
        BOOKS,
        /**
         * Halts, interruptions and the like (장운영정보). Nobody asks for it: the pool adds it to registered trades where a place is
         * left over, and it is never polled.
         */
        STATUS
    }

    /** Why somebody wants it. */
    public enum Use {
        /** The newest price; polling can tell it. */
        QUOTE,
        /** Every trade; only the push has them. */
        TAPE,
        /** The order book; polling costs a call a symbol. */
        BOOK
    }
}
