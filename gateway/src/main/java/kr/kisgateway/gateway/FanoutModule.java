package kr.kisgateway.gateway;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.fanout.FeedOutlet;
import kr.kisgateway.gateway.fanout.MinuteRoutes;
import kr.kisgateway.gateway.fanout.NodeCaller;
import kr.kisgateway.gateway.http.Gatekeeper;
import kr.kisgateway.gateway.http.NodeSignature;
import kr.kisgateway.gateway.interruption.StatusChangeListener;
import kr.kisgateway.gateway.interruption.StockStatusMonitor;
import kr.kisgateway.gateway.pool.SessionPool;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.stream.SessionSnapshot;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.market.Symbol;

/** What the owner of a cluster gives the gateways beside it. */
final class FanoutModule {
    private static final String PURPOSE = "calls between gateways of a cluster";
    private static final int SECRET_LENGTH = 64;

    private FanoutModule() {}

    /** Signs and verifies what gateways of a cluster send each other; empty without a cluster. */
    static Optional<NodeSignature> signature(Platform platform) {
        return platform.membership()
                .map(_ -> new NodeSignature(
                        Secret.of(platform.master().derive(PURPOSE, SECRET_LENGTH)), platform.clock()));
    }

    /** Admits the other gateways of the cluster beside the callers of {@code gatekeeper}. */
    static Gatekeeper admitNodes(Platform platform, Gatekeeper gatekeeper) {
        return signature(platform)
                .<Gatekeeper>map(signature -> new NodeCaller(signature, gatekeeper))
                .orElse(gatekeeper);
    }

    /** Without a cluster nothing starts. */
    static void start(
            Platform platform,
            SessionPool pool,
            QuoteStore store,
            StreamHub hub,
            OrderModule orders,
            StockStatusMonitor interruptions,
            Supplier<SessionSnapshot> session,
            Supplier<OptionalInt> facePort) {
        if (platform.membership().isEmpty()) {
            return;
        }
        var outlet = new FeedOutlet(pool, store, hub::symbol, session, interruptions::lastStatus, facePort);
        outlet.bindTo(platform.meters());
        outlet.register(platform.routes(), platform.tasks());
        new MinuteRoutes(hub::symbol, hub.minutes()).register(platform.routes());
        hub.tap(outlet);
        platform.alerts().attach(outlet::alert);
        orders.publisher().attach(_ -> outlet.orderChanged());
        interruptions.addListener(new StatusChangeListener() {
            @Override
            public void answersInvalidated(List<Symbol> symbols) {
                // each gateway's prices are the owner's
            }

            @Override
            public void statusChanged(Symbol symbol) {
                outlet.statusChanged(symbol);
            }
        });
        platform.parts().add(outlet);
    }
}
