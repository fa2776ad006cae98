package kr.kisgateway.gateway.kis;

import java.util.Optional;
import kr.kisgateway.gateway.pool.Demand;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.RealtimeKey;

/** The realtime TRs this gateway registers. */
final class KisTr {
    static final String TRADES = "H0STCNT0";
    static final String BOOKS = "H0STASP0";
    static final String NOTICES = "H0STCNI0";
    static final String PAPER_NOTICES = "H0STCNI9";

    private KisTr() {}

    static RealtimeKey key(Demand demand) {
        return new RealtimeKey(
                demand.kind() == Kind.TRADES ? TRADES : BOOKS, demand.symbol().code());
    }

    /** What {@code key} registers, when it is of the market. */
    static Optional<Demand> demand(RealtimeKey key) {
        return switch (key.trId()) {
            case TRADES -> Symbol.parse(key.trKey()).map(symbol -> new Demand(Kind.TRADES, symbol));
            case BOOKS -> Symbol.parse(key.trKey()).map(symbol -> new Demand(Kind.BOOKS, symbol));
            default -> Optional.empty();
        };
    }
}
