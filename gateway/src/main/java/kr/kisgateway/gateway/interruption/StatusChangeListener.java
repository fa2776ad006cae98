package kr.kisgateway.gateway.interruption;

import java.util.List;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Symbol;

/** A listener for status changes that KIS reports. Called on a separate thread, may block briefly. */
@FunctionalInterface
public interface StatusChangeListener {
    /** Every cached answer about {@code symbols} is invalid. */
    void answersInvalidated(List<Symbol> symbols);

    /** The published status of {@code symbol} changed. */
    default void statusChanged(Symbol symbol) {
        // A listener that only caches answers has dropped them.
    }

    /**
     * The circuit breaker of a market went on or off.
     *
     * @param code KIS's operation code
     */
    default void breakerChanged(Board market, boolean on, String code) {
        // As above.
    }

    /** The circuit breaker of {@code market} was on, and no stock reports it any more. */
    default void breakerUnknown(Board market) {
        // As above.
    }
}
