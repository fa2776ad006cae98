package kr.kisgateway.gateway.kis;

import kr.kisgateway.client.Realtime;
import kr.kisgateway.client.RegisterAnswer;
import kr.kisgateway.gateway.stream.RegistrationPort;
import kr.kisgateway.market.Symbol;

/** Registers at the one WebSocket session of the app key. */
public final class KisRegistrations implements RegistrationPort {
    private final Realtime realtime;
    private final KisFeed feed;

    public KisRegistrations(Realtime realtime, KisFeed feed) {
        this.realtime = realtime;
        this.feed = feed;
    }

    @Override
    public boolean register(Kind kind, Symbol symbol) {
        return realtime.register(KisTr.key(kind, symbol)) != RegisterAnswer.FULL;
    }

    @Override
    public void release(Kind kind, Symbol symbol) {
        realtime.release(KisTr.key(kind, symbol));
        if (kind == Kind.TRADES) {
            feed.released(symbol);
        }
    }
}
