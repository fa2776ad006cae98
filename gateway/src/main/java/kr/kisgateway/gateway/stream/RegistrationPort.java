package kr.kisgateway.gateway.stream;

import kr.kisgateway.market.Symbol;

/** Asks KIS to push, and to stop. Answers at once; the wire follows in the background. */
public interface RegistrationPort {
    /** What KIS pushes. */
    enum Kind {
        TRADES,
        BOOKS
    }

    /** False when all registrations are taken; then nothing changed. */
    boolean register(Kind kind, Symbol symbol);

    void release(Kind kind, Symbol symbol);
}
