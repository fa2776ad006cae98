package kr.kisgateway.gateway.interruption;

import kr.kisgateway.market.Symbol;

/** Receives halts, interruptions and circuit breakers as KIS pushes them. Called on a socket's thread, never blocks. */
public interface StatusListener {
    /** KIS pushed a status. */
    void observed(StockStatus status);

    /** The registration of {@code symbol} was released. */
    void released(Symbol symbol);

    /** Something about {@code symbol} may have been missed. */
    void missed(Symbol symbol);
}
