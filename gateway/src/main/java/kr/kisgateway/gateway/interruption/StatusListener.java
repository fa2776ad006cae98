package kr.kisgateway.gateway.interruption;

import kr.kisgateway.market.Symbol;

/** Hears of halts, interruptions and circuit breakers as KIS pushes them. Called on a socket's thread, never blocks. */
public interface StatusListener {
    /** KIS pushed it. */
    void observed(StockStatus status);

    /** Nobody tells of {@code symbol} any more. */
    void released(Symbol symbol);

    /** Something about {@code symbol} may have been missed. */
    void missed(Symbol symbol);
}
