package kr.kisgateway.gateway.pool;

import kr.kisgateway.market.Symbol;

/** What takes one registration at KIS: one kind of data about one symbol. */
public record Demand(Kind kind, Symbol symbol) {
    /** What KIS pushes, each by a TR of its own. */
    public enum Kind {
        /** The tape, and the quote that follows from it. */
        TRADES,
        /** The ten-level order book. */
        BOOKS
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
