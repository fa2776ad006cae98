package kr.kisgateway.gateway;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.aegis.Aegis;
import kr.kisgateway.gateway.aegis.VersionTable;
import kr.kisgateway.gateway.cluster.EdgeRoutes;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.fanout.FeedInlet;
import kr.kisgateway.gateway.fanout.MinuteRoutes;
import kr.kisgateway.gateway.http.CallForwarder;
import kr.kisgateway.gateway.http.CallForwarder.Owner;
import kr.kisgateway.gateway.http.HandOver;
import kr.kisgateway.gateway.http.ListenerForwarder;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalFollower;
import kr.kisgateway.gateway.journal.PostgresJournal;
import kr.kisgateway.gateway.meter.JvmMeters;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.meter.MetricsRoutes;
import kr.kisgateway.gateway.order.OrderFollower;
import kr.kisgateway.gateway.order.SharedOrderStore;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.stream.OpenOrders.OpenOrder;
import kr.kisgateway.gateway.stream.SessionSnapshot;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.gateway.stream.StreamSettings;
import kr.kisgateway.gateway.stream.StreamSources;
import kr.kisgateway.market.Markets;

/**
 * A gateway beside the owner of the accounts: streams to its own clients what the owner sends once, reads orders from the journal, and
 * passes every other call on.
 */
final class EdgeModule {
    private static final Duration RETRY = Duration.ofSeconds(1);
    /** More than twice what a regular stop and the start of the next owner take, and less than most callers wait. */
    private static final Duration HAND_OVER_LIMIT = Duration.ofSeconds(8);

    private EdgeModule() {}

    /**
     * Serves callers until {@code parts} close.
     *
     * @param owner empty while there is none
     */
    static Edge start(
            Settings settings,
            SteadyClock clock,
            SecureRandom random,
            Membership membership,
            Supplier<Optional<Owner>> owner,
            Parts parts) {
        requireReadableJournal(membership);
        var platform = Platform.open(
                settings, clock, random, Markets.standard(), Optional.of(membership), Optional.empty(), parts);
        var access = AccessModule.open(platform);
        var instruments = InstrumentModule.open(platform);
        var store = new QuoteStore(clock);
        store.bindTo(platform.meters());
        var tls = HttpModule.clientTls(settings);
        String node = membership.node().name();
        var signature = FanoutModule.signature(platform).orElseThrow();
        var inlet = parts.add(new FeedInlet(owner, signature, node, tls, store, clock.nanos()));
        inlet.bindTo(platform.meters());
        var orders = parts.add(new SharedOrderStore(membership.postgres()));
        var hub = new StreamHub(
                StreamSettings.standard().ofHeap(Runtime.getRuntime().maxMemory()),
                inlet,
                store,
                instruments.listing()::lookup,
                new StreamSources(
                        () -> openOrders(orders),
                        orders.replay(settings.accounts()),
                        () -> session(platform, inlet),
                        MinuteRoutes.of(inlet),
                        caller -> access.keys().isValid(new KeyRing.Pass(caller.name(), caller.secretFingerprint()))),
                platform.traceIds()::next,
                clock);
        StreamModule.refuseVenuesWithoutPrices(platform, hub);
        hub.bindTo(platform.meters(), clock.nanos());
        hub.register(platform.routes(), platform.tasks());

        var versions = VersionTable.load();
        var live = platform.live();
        Runnable versionsChanged =
                Aegis.registerStreams(versions, () -> live.current().aegisV31(), hub, platform.routes());
        live.onChange(_ -> versionsChanged.run());
        var handOver = new HandOver(HAND_OVER_LIMIT, clock.nanos());
        var forwarder = parts.add(new CallForwarder(
                inlet::answeringOwner,
                tls,
                signature,
                settings.access().keysRequired(),
                AccessModule.loginCookie(settings),
                node,
                handOver));
        // Its owner may have no such port: that says nothing about the other one.
        var faceHandOver = new HandOver(HAND_OVER_LIMIT, clock.nanos());
        var face = FaceModule.startAtEdge(platform, inlet::faceOwner, signature, node, faceHandOver);
        bind(forwarder, face, platform.meters());
        SessionModule.registerCluster(platform);
        new MetricsRoutes(platform.meters()).register(platform.routes());
        new EdgeRoutes(forwarder, clock).register(platform.routes());

        var follower = new OrderFollower(orders, hub, settings.accounts());
        follower.bindTo(platform.meters());
        var edge = new Edge(forwarder, face, List.of(handOver, faceHandOver));
        inlet.start(hub, follower::wakeUp, edge::followOwner, platform.tasks());
        parts.add(follower.start(platform.tasks()));
        if (membership.node().candidate()) {
            parts.add(new JournalFollower(
                    membership.postgres(), platform.data().file(OrderModule.JOURNAL), platform.tasks()));
        }
        HttpModule.listen(
                platform,
                access.start(platform, hub),
                AegisModule.usage(platform, versions),
                HttpModule.audit(platform, access.keys()));
        parts.add(hub);
        parts.add(JvmMeters.bind(platform.meters()));
        return edge;
    }

    private static void requireReadableJournal(Membership membership) {
        try {
            PostgresJournal.requireReadable(membership.postgres());
        } catch (JournalException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        }
    }

    /** What serves callers beside the owner. */
    record Edge(CallForwarder calls, Optional<ListenerForwarder> face, List<HandOver> handOvers) {
        /** The owner may have changed. */
        void followOwner() {
            calls.ownerChanged();
            face.ifPresent(ListenerForwarder::ownerChanged);
        }

        /** Refuses calls that wait for an owner: this gateway ends, or becomes the owner. */
        void endWaits() {
            handOvers.forEach(HandOver::end);
        }
    }

    /** Calls of both listeners. */
    private static void bind(CallForwarder calls, Optional<ListenerForwarder> face, Meters meters) {
        meters.counter(
                "cluster.forwarded",
                "calls",
                "Calls passed on to the owner",
                () -> calls.forwarded() + face.map(ListenerForwarder::forwarded).orElse(0L));
        meters.counter(
                "cluster.without_owner",
                "calls",
                "Calls refused because no owner could be reached",
                () -> calls.withoutOwner()
                        + face.map(ListenerForwarder::withoutOwner).orElse(0L));
        meters.counter(
                "cluster.in_doubt",
                "calls",
                "Calls passed on whose answer was lost",
                () -> calls.inDoubt() + face.map(ListenerForwarder::inDoubt).orElse(0L));
        meters.gauge(
                "face.sockets",
                "sockets",
                "WebSockets of the KIS-compatible port",
                () -> face.map(ListenerForwarder::sockets).orElse(0));
    }

    private static List<OpenOrder> openOrders(SharedOrderStore orders) {
        try {
            return orders.openOrders();
        } catch (JournalException e) {
            throw new RefusedException(
                    Refusal.of(ErrorCode.JOURNAL_UNAVAILABLE, "The journal cannot be read now; subscribe again.")
                            .retryAfter(RETRY));
        }
    }

    private static SessionSnapshot session(Platform platform, FeedInlet inlet) {
        return inlet.session()
                .orElseGet(() -> new SessionSnapshot(
                        "CONNECTING",
                        false,
                        Optional.of(ErrorCode.NO_OWNER.name()),
                        platform.calendar().session(platform.clock().instant()).name()));
    }
}
