package kr.kisgateway.gateway;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.edge.AnyPathListener;
import kr.kisgateway.edge.OriginRule;
import kr.kisgateway.gateway.access.ApiKey;
import kr.kisgateway.gateway.access.FaceGatekeeper;
import kr.kisgateway.gateway.access.KeyRequest;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.face.EdgeRefusals;
import kr.kisgateway.gateway.face.Face;
import kr.kisgateway.gateway.face.FaceAudit;
import kr.kisgateway.gateway.face.FaceRoutes;
import kr.kisgateway.gateway.face.KisApiRoutes;
import kr.kisgateway.gateway.face.PushedValues;
import kr.kisgateway.gateway.http.BoundedConnections;
import kr.kisgateway.gateway.http.CallForwarder;
import kr.kisgateway.gateway.http.ForwardedPeers;
import kr.kisgateway.gateway.http.HandOver;
import kr.kisgateway.gateway.http.ListenerForwarder;
import kr.kisgateway.gateway.http.NodeSignature;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.interruption.StockStatusMonitor;
import kr.kisgateway.gateway.order.OrderIntake;
import kr.kisgateway.gateway.pool.Demand;
import kr.kisgateway.gateway.pool.DemandAnswers;
import kr.kisgateway.gateway.pool.SessionPool;
import kr.kisgateway.gateway.settings.KisEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that speaks KIS's protocol.
 *
 * @param face empty where it is off, or the broker has no such protocol
 * @param boundPort the port since it is bound; 0 before
 * @param problem why it could not be bound, since that is known; empty else
 */
record FaceModule(Optional<Face> face, AtomicInteger boundPort, AtomicReference<Optional<String>> problem) {
    /** KIS closes connections that are idle this long. [assumed] */
    private static final Duration KEEP_ALIVE = Duration.ofMinutes(5);

    /** An order has less than 1 KB; what all connections send before they name a key must fit into the heap. */
    private static final int BODY_BYTES_MAX = 8 * 1_024;

    private static final int FRAME_BYTES_MAX = 8 * 1_024;
    private static final int CONNECTIONS_MAX = 2_500;
    /** All programs on this machine: 1,000 with a WebSocket and a connection for calls each. */
    private static final int CONNECTIONS_OF_THIS_MACHINE = 2_200;

    private static final String SECRET_PURPOSE = "tokens of virtual app keys";
    private static final int SECRET_LENGTH = 64;
    private static final Logger LOG = LoggerFactory.getLogger("gateway.face");
    private static final String READY_KEY = "sim";

    /**
     * The started port.
     *
     * @param port its number; empty where it is off or could not be bound
     * @param readyKey of the simulated market, displayed at the start
     * @param problem why it could not be bound, in a sentence with the setting that changes it
     */
    record Started(OptionalInt port, Optional<KeyRing.NewKey> readyKey, Optional<String> problem) {
        private static final Started NONE = new Started(OptionalInt.empty(), Optional.empty(), Optional.empty());

        private static Started withoutPort(String problem) {
            return new Started(OptionalInt.empty(), Optional.empty(), Optional.of(problem));
        }
    }

    /** Attaches to orders, pool and keys, before any of them starts. */
    static FaceModule create(
            Platform platform,
            BrokerAdapter broker,
            AccessModule access,
            OrderModule orders,
            OrderIntake intake,
            ParentModule parents,
            InstrumentModule instruments,
            QuoteModule quotes,
            StockStatusMonitor interruptions,
            SessionPool pool) {
        var settings = platform.settings().face();
        if (!settings.enabled() || broker.upstream().isEmpty()) {
            return of(Optional.empty());
        }
        var gatekeeper = new FaceGatekeeper(
                access.keys(),
                isPermitted(platform),
                platform.settings().access().callsPerSecond(),
                platform.clock(),
                platform.clock().monotonicClock());
        gatekeeper.reportTo(access.refusedKeys());
        var face = Face.create(
                broker.upstream().get(),
                new Face.Access(access.keys(), gatekeeper, platform.master().derive(SECRET_PURPOSE, SECRET_LENGTH)),
                new Face.Orders(
                        orders.desk(), intake, parents.intake(), orders.publisher()::attach, platform.calendar()),
                new Face.Market(
                        pool,
                        pool,
                        pushed(platform, broker, quotes),
                        symbol -> instruments.listing().isListed(symbol.code()),
                        symbol -> instruments
                                .listing()
                                .current()
                                .find(symbol.code())
                                .map(Listed::name)
                                .orElse(""),
                        platform.random()),
                List.copyOf(platform.settings().accounts()),
                settings.queue(),
                new Face.Operation(
                        platform.clock(),
                        platform.clock().monotonicClock(),
                        platform.meters(),
                        new FaceAudit(platform.audit(), AuditModule.masked(platform.settings()), platform.clock()),
                        platform.tracer(),
                        platform.traceIds(),
                        network -> unboundSockets(network, limits(platform))));
        pool.onPolled(face::polled, face::polled);
        interruptions.addListener(face::statusChanged);
        access.onKeyEnded(name -> {
            gatekeeper.releaseKey(name);
            face.disconnect(name);
        });
        return of(Optional.of(face));
    }

    private static FaceModule of(Optional<Face> face) {
        return new FaceModule(face, new AtomicInteger(), new AtomicReference<>(Optional.empty()));
    }

    private static BoundedConnections.Limits limits(Platform platform) {
        return BoundedConnections.Limits.of(CONNECTIONS_MAX, CONNECTIONS_OF_THIS_MACHINE)
                .withPerAddress(platform.settings().access().connectionsPerAddress());
    }

    /** Half of the connections of a network: the others are left for calls and for programs that name a key. */
    private static int unboundSockets(InetAddress network, BoundedConnections.Limits limits) {
        return Math.max(1, (network.isLoopbackAddress() ? limits.perLoopback() : limits.perAddress()) / 2);
    }

    private static PushedValues pushed(Platform platform, BrokerAdapter broker, QuoteModule quotes) {
        var session = broker.realtime().session();
        return new PushedValues(quotes.store(), session, session::isBookLive, quotes.rule(), platform.clock());
    }

    /** The ready key was displayed on a screen: it is good only where calls need no key. */
    private static Predicate<ApiKey> isPermitted(Platform platform) {
        if (!platform.settings().access().keysRequired()) {
            return key -> true;
        }
        String ready = KeyRing.ensuredId(READY_KEY, platform.master()::derive);
        return key -> !key.id().equals(ready);
    }

    /** The port; empty where it is off, or is not bound. */
    OptionalInt port() {
        int bound = boundPort.get();
        return bound == 0 ? OptionalInt.empty() : OptionalInt.of(bound);
    }

    /** Registrations of programs that a demand of the pool serves. */
    int registrations(Demand demand) {
        return face.map(it -> it.clients().registrations(demand)).orElse(0);
    }

    /** Registers the routes. */
    void register(Platform platform, DemandAnswers demands) {
        new FaceRoutes(face.map(Face::clients), this::port, demands, platform.clock()).register(platform.routes());
        new KisApiRoutes(face.map(Face::named), List.copyOf(platform.settings().accounts()))
                .register(platform.routes());
    }

    /** What happened to orders before this start is not reported to programs; the journal has been read. */
    void skipPast(OrderModule orders) {
        face.ifPresent(it -> {
            it.skipPast(orders.desk().open());
            // A later list may correct one that has ended; its earlier events are no news.
            it.skipPast(orders.desk().recentlyEnded());
        });
    }

    /** Listens from now on. */
    Started start(Platform platform, AccessModule access) {
        if (face.isEmpty()) {
            return Started.NONE;
        }
        AnyPathListener listener;
        try {
            listener = listen(platform, face.get().calls(), face.get().sockets());
        } catch (StartException e) {
            if (platform.settings().face().required()) {
                throw e;
            }
            String cause = String.valueOf(e.getMessage());
            problem.set(Optional.of(cause));
            return Started.withoutPort(cause);
        }
        platform.parts().add(face.get());
        platform.parts().add(platform.tasks().repeat("face-check", face.get()::check));
        boundPort.set(listener.port());
        return new Started(OptionalInt.of(listener.port()), readyKey(platform, access), Optional.empty());
    }

    /**
     * Listens at an edge from now on: what comes is passed on to the owner's port.
     *
     * @param owner with the address of that port
     */
    static Optional<ListenerForwarder> startAtEdge(
            Platform platform,
            Supplier<Optional<CallForwarder.Owner>> owner,
            NodeSignature signature,
            String node,
            HandOver handOver) {
        if (!platform.settings().face().enabled()) {
            return Optional.empty();
        }
        var forwarder = new ListenerForwarder(
                owner,
                HttpModule.clientTls(platform.settings()),
                signature,
                node,
                // The owner has the same setting, and sees this gateway as one address.
                ListenerForwarder.Bounds.of(limits(platform).perAddress()),
                EdgeRefusals.inKisShapes(),
                handOver,
                platform.clock().nanos());
        platform.parts().add(forwarder);
        try {
            listen(platform, forwarder, forwarder);
        } catch (StartException e) {
            if (platform.settings().face().required()) {
                throw e;
            }
            return Optional.empty();
        }
        platform.parts().add(platform.tasks().repeat("face-check", forwarder::check));
        return Optional.of(forwarder);
    }

    /**
     * Opens the port.
     *
     * @throws StartException when it cannot be bound; logged
     */
    private static AnyPathListener listen(
            Platform platform, AnyPathListener.Calls calls, AnyPathListener.Sockets sockets) {
        var settings = platform.settings().face();
        var bind = platform.settings().http().bind();
        var connections = platform.parts()
                .add(BoundedConnections.start(
                        HttpModule.tls(platform), limits(platform), platform.tasks(), "face-connections"));
        var listener = new AnyPathListener(
                new AnyPathListener.Options(
                        bind,
                        settings.port(),
                        // Every call needs a key, and programs with hosts entries call it by KIS's name.
                        OriginRule.keyed(bind),
                        Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"),
                        BODY_BYTES_MAX,
                        FRAME_BYTES_MAX,
                        KEEP_ALIVE,
                        CONNECTIONS_MAX,
                        connections,
                        new ForwardedPeers(FanoutModule.signature(platform))),
                calls,
                sockets);
        try {
            HttpModule.startListener("KIS_FACE_PORT", bind, settings.port(), () -> {
                listener.start();
                return listener;
            });
        } catch (StartException e) {
            LOG.warn("face_not_started cause=\"{}\"", e.getMessage());
            throw e;
        }
        platform.parts().add(listener);
        var address = PublishedAddress.ofFace(platform.settings().dataDir());
        address.publish(platform.settings().http().localAddress(listener.port()));
        platform.parts().add(address::withdraw);
        LOG.info("face_started bind={} port={}", bind, listener.port());
        return listener;
    }

    /** The simulated market has a key from the start; elsewhere an operator creates them. */
    private static Optional<KeyRing.NewKey> readyKey(Platform platform, AccessModule access) {
        if (platform.settings().environment() != KisEnvironment.SIM
                || platform.settings().access().keysRequired()) {
            return Optional.empty();
        }
        var request = KeyRequest.read(
                        READY_KEY,
                        Role.TRADE.wireName(),
                        Optional.of(platform.settings().accounts()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        platform.clock().instant())
                .withFace("current");
        return access.keys().ensure(request, platform.master()::derive);
    }
}
