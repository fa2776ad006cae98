package kr.kisgateway.gateway;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import kr.kisgateway.edge.AnyPathListener;
import kr.kisgateway.edge.OriginRule;
import kr.kisgateway.gateway.cluster.ClusterStore;
import kr.kisgateway.gateway.cluster.IdentityStore;
import kr.kisgateway.gateway.cluster.StandbyCalls;
import kr.kisgateway.gateway.database.DatabaseException;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.http.BoundedConnections;
import kr.kisgateway.gateway.http.CallForwarder;
import kr.kisgateway.gateway.lease.Lease;
import kr.kisgateway.gateway.lease.LeaseHolder;
import kr.kisgateway.gateway.lease.LeaseKeeper;
import kr.kisgateway.gateway.lease.LeaseNode;
import kr.kisgateway.gateway.lease.LeaseTimes;
import kr.kisgateway.gateway.lease.NodeTakenException;
import kr.kisgateway.gateway.lease.SeenNode;
import kr.kisgateway.gateway.secret.MasterKey;
import kr.kisgateway.gateway.service.Essential;
import kr.kisgateway.gateway.service.SystemdService;
import kr.kisgateway.gateway.settings.KisEnvironment;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.task.Heartbeat;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of several gateways that share a database. While another owns the accounts it serves callers beside it.
 */
final class ClusterNode implements AutoCloseable {
    /** The one lease there is: of all app keys and accounts of an environment. */
    static final String LEASE = "owner";
    /** File with the random id of the folder. */
    static final String ID = "node";

    /** Part of a lease within which one that lives is seen again: it renews more often, and one that waits polls. */
    private static final int NAMESAKE_PART = 2;

    /** One change can be the last statement of a process that died. */
    private static final int CHANGES_OF_LIFE = 2;

    /** Also the pause between two questions whether the lease is free. */
    private static final Duration POLL = Duration.ofMillis(500);

    private static final int STANDBY_CONNECTIONS_MAX = 256;
    private static final int STANDBY_BODY_BYTES_MAX = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger("gateway.cluster");

    private final Settings settings;
    private final SteadyClock clock;
    private final SecureRandom random;
    private final DataFolder data;
    private final Postgres postgres;
    private final LeaseNode node;
    private final LeaseTimes times;
    private final MasterKey master;
    private final ClusterIdentity identity;
    private final ThreadTaskRunner tasks = new ThreadTaskRunner();
    private final Heartbeat heartbeat = new Heartbeat();
    private final AtomicReference<Optional<LeaseHolder>> holder = new AtomicReference<>(Optional.empty());
    private boolean reachable;

    /** Whether no other process had this node's id or name when it started. */
    private boolean alone;

    /** Whether the database lists this process. */
    private boolean listed;

    private ClusterNode(
            Settings settings,
            SteadyClock clock,
            SecureRandom random,
            DataFolder data,
            Postgres postgres,
            LeaseNode node,
            MasterKey master) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.data = data;
        this.postgres = postgres;
        this.node = node;
        this.master = master;
        this.identity = new ClusterIdentity(settings, master, new IdentityStore(postgres), node.name());
        this.times = new LeaseTimes(settings.cluster().orElseThrow().lease());
    }

    /**
     * Locks the data folder and connects to the database.
     *
     * @throws StartException when this node cannot be one of a cluster, in one sentence
     */
    static ClusterNode open(Settings settings, SteadyClock clock, SecureRandom random) {
        Settings.Cluster cluster = settings.cluster().orElseThrow();
        requireOneBroker(settings);
        if (cluster.role() == Settings.ClusterRole.ANY) {
            HistoryModule.requireFolder(settings);
        }
        var data = DataFolder.open(settings.dataDir(), DataFolder.User.GATEWAY);
        try {
            requireNoOwnJournal(data);
            var node = new LeaseNode(
                    id(data.file(ID), random),
                    RandomName.of(random),
                    cluster.node(),
                    cluster.address().toString(),
                    Version.text(),
                    cluster.role() == Settings.ClusterRole.ANY);
            Postgres postgres = Postgres.open(
                    cluster.database(), settings.environment().wireName(), "kis-gateway " + cluster.node());
            ClusterStore.prepare(postgres, clock);
            return new ClusterNode(settings, clock, random, data, postgres, node, Platform.masterKey(settings, random));
        } catch (DatabaseException e) {
            data.close();
            String sentence = String.valueOf(e.getMessage());
            throw e.mayPass() ? StartException.thatMayPass(sentence) : new StartException(sentence);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    /** Gateways with a simulated market each, or with identities of their own, would share nothing but the journal. */
    private static void requireOneBroker(Settings settings) {
        if (settings.environment() != KisEnvironment.SIM) {
            return;
        }
        if (settings.simulator().url().isEmpty()) {
            throw new StartException("Gateways that share a database need one simulator: start ./kis simulator, and set"
                    + " SIMULATOR_URL for each gateway.");
        }
        if (settings.kis().appKey().isEmpty()
                || settings.kis().appSecret().isEmpty()
                || settings.kis().account().isEmpty()) {
            throw new StartException(
                    "Gateways that share a database need the same app key and account: set KIS_APP_KEY,"
                            + " KIS_APP_SECRET and KIS_ACCOUNT_NO for each; for the simulator any of KIS's form will do: docs/CLUSTER.md has an example.");
        }
    }

    /** The folder of a gateway that ran alone has orders that the database does not have. */
    private static void requireNoOwnJournal(DataFolder data) {
        Path journal = data.file(OrderModule.JOURNAL);
        if (Files.exists(journal)) {
            throw new StartException("The data folder has a journal of its own, " + journal
                    + ": move it to the database by ./kis journal migrate, or use another GATEWAY_DATA_DIR.");
        }
    }

    /** The random id of a data folder, which is created where there is none. */
    static String id(Path file, SecureRandom random) {
        return RandomName.in(file, random, ": remove it, and start again after the lease of this gateway has ended.");
    }

    /** Where other machines find the API, as far as the settings show. */
    static String address(Settings.Http http) {
        return http.scheme() + "://" + http.bind() + ":" + http.port();
    }

    /**
     * Waits until this gateway owns the accounts, and serves callers meanwhile.
     *
     * @param stop when it completes, the wait ends
     * @param waiting runs once if this gateway is not the owner, with the name of the one that is
     * @param service watches the wait
     * @return empty when the wait was stopped
     */
    Optional<Ownership> awaitOwnership(
            Future<?> stop, Consumer<Optional<String>> waiting, Optional<SystemdService> service) {
        var keeper = new LeaseKeeper(postgres, LEASE, node, times, clock.nanos(), clock);
        var member = new Membership(data, node, postgres, keeper, master);
        try (var serving = new Serving(member)) {
            boolean shown = false;
            while (true) {
                heartbeat.beat();
                if (!isAlone(keeper, stop) && stop.isDone()) {
                    keeper.close();
                    return Optional.empty();
                }
                Optional<Lease> lease = alone ? acquire(keeper) : Optional.empty();
                if (lease.isPresent()) {
                    // Calls that wait for the former owner end now: this gateway's listener waits for them.
                    holder.set(Optional.empty());
                    serving.followOwner();
                    var lost = new CompletableFuture<Void>();
                    keeper.keep(lease.get(), tasks, () -> lost.complete(null));
                    return Optional.of(new Ownership(member, lease.get(), lost));
                }
                serving.goOn();
                if (!shown) {
                    service.ifPresent(watched()::begin);
                    waiting.accept(owner().map(CallForwarder.Owner::node));
                    shown = true;
                }
                if (isStopped(stop)) {
                    keeper.close();
                    return Optional.empty();
                }
            }
        } catch (StartException e) {
            keeper.close();
            throw e;
        }
    }

    /** Who owns the accounts, other than this gateway; empty while none does, as far as this gateway knows. */
    private Optional<CallForwarder.Owner> owner() {
        return holder.get()
                .filter(it -> !it.expired() && !it.id().equals(node.id()))
                .map(it -> new CallForwarder.Owner(it.node(), it.epoch(), URI.create(it.address())));
    }

    /** The listener of a gateway that waits: as an edge, or refusing all calls while the database does not answer. */
    private final class Serving implements AutoCloseable {
        private final Membership member;
        private Parts parts = new Parts();
        private Optional<EdgeModule.Edge> edge = Optional.empty();
        private boolean refuses;

        Serving(Membership member) {
            this.member = member;
        }

        /** Begins, or follows what changed. */
        void goOn() {
            if (edge.isPresent()) {
                compare();
                followOwner();
            } else if (reachable) {
                begin();
            } else if (!refuses) {
                refuse();
            }
        }

        private void begin() {
            end();
            try {
                owner().ifPresent(identity::compareWith);
                edge = Optional.of(EdgeModule.start(settings, clock, random, member, ClusterNode.this::owner, parts));
            } catch (DatabaseException e) { // it has gone again: the next round begins
                LOG.warn("edge_not_started node={} cause=\"{}\"", node.name(), e.getMessage());
                end();
                refuse();
            }
        }

        private void compare() {
            try {
                owner().ifPresent(identity::compareWith);
            } catch (DatabaseException e) { // the next round compares
                LOG.warn("owner_not_compared node={} cause=\"{}\"", node.name(), e.getMessage());
            }
        }

        private void refuse() {
            refuseAll(parts);
            refuses = true;
        }

        /** Ends what was begun; another listener may take the port. */
        private void end() {
            parts.close();
            parts = new Parts();
            refuses = false;
        }

        void followOwner() {
            edge.ifPresent(EdgeModule.Edge::followOwner);
        }

        @Override
        public void close() {
            edge.ifPresent(EdgeModule.Edge::endWaits);
            parts.close();
        }
    }

    private ServiceModule.Watched watched() {
        return new ServiceModule.Watched(
                List.of(new Essential.Loop("wait for the accounts", heartbeat)),
                () -> node.name() + " waits for the accounts of "
                        + settings.environment().wireName(),
                tasks,
                clock.nanos());
    }

    /**
     * Lists this process, once no other with this node's id or name lives. A former one of this node that died is listed for the
     * length of a lease; one that lives is seen again and again meanwhile.
     *
     * @return false while the database does not answer, or when the wait was stopped
     * @throws StartException when another lives
     */
    private boolean isAlone(LeaseKeeper keeper, Future<?> stop) {
        if (alone) {
            return true;
        }
        try {
            var latest = new HashMap<String, Instant>();
            var changes = new HashMap<String, Integer>();
            long until = clock.nanos().getAsLong()
                    + times.ttl().dividedBy(NAMESAKE_PART).toNanos();
            while (true) {
                heartbeat.beat();
                listed = keeper.list();
                var namesakes = keeper.namesakes();
                for (SeenNode now : namesakes) {
                    var before = latest.put(now.node().id(), now.seen());
                    if (before != null
                            && !before.equals(now.seen())
                            && changes.merge(now.node().id(), 1, Integer::sum) == CHANGES_OF_LIFE) {
                        throw namesake(now.node());
                    }
                }
                if (listed && (namesakes.isEmpty() || clock.nanos().getAsLong() > until)) {
                    alone = true;
                    return true;
                }
                if (isStopped(stop)) {
                    return false;
                }
            }
        } catch (DatabaseException e) {
            reachable = false;
            LOG.warn("lease_not_asked_for node={} cause=\"{}\"", node.name(), e.getMessage());
            return false;
        }
    }

    /** A name may become free, when a gateway is replaced by one that starts before it has ended. */
    private StartException namesake(LeaseNode other) {
        return other.id().equals(node.id())
                ? copied(" at " + other.address())
                : StartException.thatMayPass("The gateway at " + other.address() + " is named " + other.name()
                        + ", too: give each gateway of the database its own CLUSTER_NODE.");
    }

    private StartException copied(String place) {
        return new StartException(
                "A gateway" + place + " runs with the id of this data folder, so one is a copy of the other:"
                        + " remove " + data.file(ID) + " here and start again.");
    }

    private Optional<Lease> acquire(LeaseKeeper keeper) {
        try {
            Optional<Lease> lease = node.candidate() ? keeper.acquire() : Optional.empty();
            if (lease.isPresent()) {
                identity.recordOwnership(lease.get().epoch(), () -> othersRun(keeper));
            } else {
                holder.set(keeper.follow());
            }
            reachable = true;
            return lease;
        } catch (NodeTakenException e) { // while this process was suspended for longer than a lease
            throw copied(" elsewhere");
        } catch (DatabaseException e) {
            // The owner that was known may still serve, and refuses calls itself when it is none any more.
            reachable = false;
            LOG.warn("lease_not_asked_for node={} cause=\"{}\"", node.name(), e.getMessage());
            return Optional.empty();
        }
    }

    private boolean othersRun(LeaseKeeper keeper) {
        return keeper.view().nodes().stream()
                .anyMatch(it -> !it.silent() && !it.node().id().equals(node.id()));
    }

    private static boolean isStopped(Future<?> stop) {
        try {
            stop.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Refuses calls until {@code parts} close. */
    private void refuseAll(Parts parts) {
        var http = settings.http();
        var connections = parts.add(BoundedConnections.start(
                HttpModule.tls(settings, tasks, parts),
                BoundedConnections.Limits.of(STANDBY_CONNECTIONS_MAX, STANDBY_CONNECTIONS_MAX),
                tasks,
                "standby-connections"));
        var traceIds = TraceModule.ids(settings, random.nextLong());
        var listener = parts.add(new AnyPathListener(
                new AnyPathListener.Options(
                        http.bind(),
                        http.port(),
                        OriginRule.keyed(http.bind()),
                        Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"),
                        STANDBY_BODY_BYTES_MAX,
                        STANDBY_BODY_BYTES_MAX,
                        Duration.ofSeconds(30),
                        STANDBY_CONNECTIONS_MAX,
                        connections),
                new StandbyCalls(node.name(), holder::get, traceIds::next),
                AnyPathListener.Sockets.none()));
        HttpModule.startListener("GATEWAY_PORT", http.bind(), http.port(), () -> {
            listener.start();
            return listener;
        });
    }

    @Override
    public void close() {
        if (listed) {
            leave();
        }
        data.close();
    }

    private void leave() {
        try (var keeper = new LeaseKeeper(postgres, LEASE, node, times, clock.nanos(), clock)) {
            keeper.leave();
        } catch (DatabaseException e) { // it is listed as silent for a day
            LOG.warn("node_not_removed node={} cause=\"{}\"", node.name(), e.getMessage());
        }
    }
}
