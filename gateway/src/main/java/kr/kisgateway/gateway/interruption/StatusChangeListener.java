package kr.kisgateway.gateway.interruption;

import java.util.List;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.Symbol;

/** What follows when KIS says that something changed. Called on a thread of its own, may block for a moment. */
@FunctionalInterface
public interface StatusChangeListener {
    /** Whatever was asked of KIS about {@code symbols} is not to be told again. */
    void answersInvalidated(List<Symbol> symbols);

    /** What is told of {@code symbol} itself is another now. */
    default void statusChanged(Symbol symbol) {
        // Whoever only keeps answers has thrown them away.
    }

    /**
     * The circuit breaker of a market went on or off.
     *
     * @param code KIS's own
     */
    default void breakerChanged(Market market, boolean on, String code) {
        // As above.
    }

    /** The circuit breaker of {@code market} was on, and nobody tells of it any more. */
    default void breakerUnknown(Market market) {
        // As above.
    }
}
