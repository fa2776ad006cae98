package kr.kisgateway.gateway.kis;

import kr.kisgateway.gateway.stream.RegistrationPort.Kind;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.RealtimeKey;

/** The realtime TRs this gateway registers. */
final class KisTr {
    static final String TRADES = "H0STCNT0";
    static final String BOOKS = "H0STASP0";
    static final String NOTICES = "H0STCNI0";
    static final String PAPER_NOTICES = "H0STCNI9";

    private KisTr() {}

    static RealtimeKey key(Kind kind, Symbol symbol) {
        return new RealtimeKey(kind == Kind.TRADES ? TRADES : BOOKS, symbol.code());
    }
}
