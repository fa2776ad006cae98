package kr.kisgateway.gateway.kis;

import java.util.function.Supplier;
import kr.kisgateway.client.Realtime;
import kr.kisgateway.client.RegisterAnswer;
import kr.kisgateway.gateway.stream.RegistrationPort;
import kr.kisgateway.market.Symbol;

/** Registers at the one WebSocket session of the app key. */
public final class KisRegistrations implements RegistrationPort {
    private final Supplier<Realtime> realtime;

    /** @param realtime the session; asked for at each call, because client and stream need each other to be built */
    public KisRegistrations(Supplier<Realtime> realtime) {
        this.realtime = realtime;
    }

    @Override
    public boolean register(Kind kind, Symbol symbol) {
        return realtime.get().register(KisTr.key(kind, symbol)) != RegisterAnswer.FULL;
    }

    @Override
    public void release(Kind kind, Symbol symbol) {
        realtime.get().release(KisTr.key(kind, symbol));
    }
}
