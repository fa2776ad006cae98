package kr.kisgateway.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.Comparator.comparingLong;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.acceptance.PageBrowser.Visit;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.gatewayclient.GatewayStream;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.programs.PostgresServer;
import kr.kisgateway.programs.ProgramException;
import kr.kisgateway.simulation.history.CrashRoundChecks.Pause;
import kr.kisgateway.simulation.history.CrashRoundChecks.ProcessRole;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gateways that share a real PostgreSQL, with the broker in a process of its own: the owner is killed or suspended under load, and
 * what its clients received is compared with what its successor shows and the broker's own book has.
 */
@Tag("slow")
class ClusterTest {
    private static final String ACCOUNT = ClusterNode.ACCOUNT;
    private static final int CLIENTS = 8;
    private static final Map<String, String> EDGE = ClusterNode.EDGE;
    private static final Duration LEASE = ClusterNode.LEASE;
    /** After the end of the lease: a start, and the broker's list. */
    private static final Duration TAKE_OVER_LIMIT = Duration.ofSeconds(5);
    /** The same on a machine that does everything. */
    private static final Duration SLOW_TAKE_OVER = Duration.ofSeconds(30);
    /** From the stop of an owner to the next that trades, on a machine that does everything: three seconds alone on it. */
    private static final Duration HAND_OVER_LIMIT = Duration.ofSeconds(30);

    /** For which a call at an edge waits for an owner. */
    private static final Duration EDGE_WAITS = Duration.ofSeconds(8);
    /** Orders of {@link Traders} have to leave within 4.5 s; their slot was granted before. */
    private static final Duration LONGEST_DISPATCH = Duration.ofSeconds(8);

    private static final Duration PATIENCE = ClusterNode.PATIENCE;

    @TempDir
    Path folder;

    @Test
    @Tag("alone")
    void the_owner_is_killed_under_load_three_times_and_nothing_is_lost_or_doubled() throws Exception {
        runRounds(3, false, Network.NONE, seed());
    }

    @Test
    @Tag("alone")
    void answers_notices_and_commits_that_overtake_each_other_lose_and_double_nothing() throws Exception {
        runRounds(2, true, Network.OVERTAKING, seed());
    }

    @Test
    @Tag("alone")
    void the_owner_is_killed_under_the_load_of_an_edge_and_its_stream_has_every_order_to_its_end() throws Exception {
        runRounds(2, true, Network.NONE, seed());
    }

    @Test
    @Tag("long")
    void the_owner_is_killed_under_load_fifty_times_and_nothing_is_lost_or_doubled() throws Exception {
        runRounds(50, false, Network.NONE, seed());
    }

    @Test
    @Tag("long")
    void the_owner_is_killed_under_the_load_of_an_edge_fifty_times_and_its_stream_has_every_order() throws Exception {
        runRounds(50, true, Network.NONE, seed());
    }

    /**
     * How long what is sent is under way at most. KIS's answers and notices come over connections of their own, as the database's answers do:
     * with a time of its own for each piece a notice arrives before the answer that names its order, and a list before an older one.
     *
     * @param takeOver how much longer a take-over may last
     */
    private record Network(Duration broker, Duration database, Duration takeOver) {
        private static final Network NONE = new Network(Duration.ZERO, Duration.ZERO, Duration.ZERO);
        private static final Network OVERTAKING =
                new Network(Duration.ofMillis(250), Duration.ofMillis(20), Duration.ofSeconds(10));
    }

    /** The address of a database behind a network. */
    private static String through(NetworkRelay network, String url) {
        return url.replace(":" + URI.create(url).getPort() + "/", ":" + network.port() + "/");
    }

    private static long seed() {
        return Long.getLong("kis.kill.seed", System.nanoTime());
    }

    private ClusterNode node(String name, Simulator simulator, String database) throws IOException {
        return node(name, simulator, Optional.of(database), Map.of());
    }

    /** @param database empty for one that runs alone */
    private ClusterNode node(String name, Simulator simulator, Optional<String> database, Map<String, String> settings)
            throws IOException {
        return new ClusterNode(folder, name, simulator, database, settings);
    }

    /** The status of each order, by its id. */
    private static Map<String, String> statuses(Running owner) {
        var orders = new HashMap<String, String>();
        ConsistencyCheck.orders(owner)
                .forEach(order -> orders.put(
                        order.path("order_id").asString(), order.path("status").asString()));
        return orders;
    }

    /** A gateway beside the owner, if there is one. */
    private record Beside(Optional<ClusterNode> node) implements AutoCloseable {
        @Override
        public void close() {
            node.ifPresent(ClusterNode::close);
        }
    }

    /** What the stream of a gateway showed of orders, over the deaths of owners. */
    private record OrderWatch(Optional<GatewayStream> stream) implements AutoCloseable {
        static OrderWatch of(Optional<ClusterNode> node) {
            var stream = node.map(it -> it.running().stream());
            stream.ifPresent(
                    it -> it.send("{\"op\":\"subscribe\",\"channels\":[\"orders\"],\"symbols\":[],\"id\":\"1\"}"));
            return new OrderWatch(stream);
        }

        /**
         * Waits until each order was shown as the owner has it, and verifies that its events were shown once, in their order, and none is
         * missing of those that the journal has.
         */
        void awaitAll(Running owner) {
            if (stream.isEmpty()) return;
            var orders = statuses(owner);
            assertThat(orders).hasSizeGreaterThan(10);
            Eventually.await("the stream to show every order to its end", PATIENCE, this::last, orders::equals);
            var journal = replayed(owner);
            var events = Eventually.await(
                    "the stream to show what the journal has",
                    PATIENCE,
                    () -> events(stream.get()),
                    shown -> shown.size() >= journal.size());
            assertThat(events)
                    .extracting(event -> event.order() + ' ' + event.seq())
                    .doesNotHaveDuplicates();
            assertThat(events).as("in the order of the journal").isSortedAccordingTo(comparingLong(Event::seq));
            assertThat(events).as("what the journal has").containsExactlyInAnyOrderElementsOf(journal);
            System.out.println("cluster rounds: events of orders in the stream of the edge: " + events.size());
        }

        /** What the journal has from its beginning on, as the owner replays it. */
        private static List<Event> replayed(Running owner) {
            try (var replay = owner.stream()) {
                replay.send("{\"op\":\"subscribe\",\"channels\":[\"orders\"],\"symbols\":[],\"id\":\"1\"}");
                replay.await("the ack", m -> m.path("op").asString("").equals("ack"), PATIENCE);
                replay.send("{\"op\":\"resume\",\"account_id\":\"A1\",\"from_seq\":0,\"id\":\"2\"}");
                replay.await(
                        "the end of the replay", m -> m.path("op").asString("").equals("resumed"), PATIENCE);
                return events(replay);
            }
        }

        private static List<Event> events(GatewayStream of) {
            return of.unclaimed().stream()
                    .filter(message -> message.path("ch").asString("").equals("orders") && !message.has("snapshot"))
                    .map(message -> new Event(
                            message.path("seq").longValue(),
                            message.path("order_id").asString(),
                            message.path("status").asString()))
                    .toList();
        }

        /** @param seq the journal's cursor, which is of the account: not dense within an order */
        private record Event(long seq, String order, String status) {}

        private Map<String, String> last() {
            var last = new HashMap<String, String>();
            stream.orElseThrow().unclaimed().stream()
                    .filter(message -> message.path("ch").asString("").equals("orders"))
                    .forEach(message -> last.put(
                            message.path("order_id").asString(),
                            message.path("status").asString()));
            return last;
        }

        @Override
        public void close() {
            stream.ifPresent(GatewayStream::close);
        }
    }

    /** @param throughEdge whether the clients call a third gateway, which never owns the accounts */
    private void runRounds(int rounds, boolean throughEdge, Network network, long seed) throws Exception {
        System.out.println("cluster rounds: seed " + seed + (throughEdge ? ", through an edge" : ""));
        var random = new Random(seed);
        var traders = new Traders();
        var takeOvers = new ArrayList<Duration>();
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder, "--rate", "400", "--ledger-rate", "5000", "--ticks", "20");
                var book = new BrokerBook(simulator.url(), ACCOUNT);
                var toBroker = NetworkRelay.to(URI.create(simulator.url()).getPort());
                var toDatabase = NetworkRelay.to(database.port())) {
            toBroker.delay(Duration.ZERO, network.broker());
            toDatabase.delay(Duration.ZERO, network.database());
            boolean direct = network.equals(Network.NONE);
            String url = direct ? database.newDatabase() : through(toDatabase, database.newDatabase());
            Map<String, String> settings =
                    direct ? Map.of() : Map.of("SIMULATOR_URL", "http://127.0.0.1:" + toBroker.port());
            var consistency = new ConsistencyCheck(traders, book);
            try (var a = node("a", simulator, Optional.of(url), settings)) {
                a.awaitReady();
                try (var b = node("b", simulator, Optional.of(url), settings);
                        var beside = new Beside(
                                throughEdge
                                        ? Optional.of(node("edge", simulator, Optional.of(url), EDGE))
                                        : Optional.empty());
                        var watched = OrderWatch.of(beside.node())) {
                    assertThat(b.isReady()).as("two owners").isFalse();
                    ClusterNode owner = a;
                    ClusterNode other = b;
                    for (int round = 0; round < rounds; round++) {
                        Instant killed =
                                loadAndKill(traders, owner, beside.node().orElse(owner), round, random);
                        other.awaitReady();
                        takeOvers.add(Duration.between(killed, Instant.now()));
                        owner.restart();
                        ClusterNode successor = other;
                        other = owner;
                        owner = successor;
                        assertThat(other.isReady()).as("two owners").isFalse();
                        traders.repeatRequests(owner.running().client(), round, 20, random);
                        consistency.awaitConsistent(owner.running(), round, 2);
                    }
                    var verdict = consistency.cancelAllAndCompare(owner.running(), rounds);
                    assertThat(verdict.lost() + verdict.doubled()).isZero();
                    watched.awaitAll(owner.running());
                    assertThat(simulator.tokens())
                            .as("tokens of the owners' app key over all take-overs, and of the book's own")
                            .isEqualTo(1 + 1);
                    if (!direct) {
                        System.out.println("cluster rounds: answers overtaken, of the broker " + toBroker.overtaken()
                                + ", of the database " + toDatabase.overtaken());
                        assertThat(toBroker.overtaken()).isGreaterThan(20);
                        assertThat(toDatabase.overtaken()).isGreaterThan(20);
                    }
                    b.close();
                }
                a.close();
                a.command(url, "journal", "verify");
            }
        }
        Collections.sort(takeOvers);
        System.out.println("cluster rounds: take-overs after a kill, ms: "
                + takeOvers.stream().map(Duration::toMillis).toList());
        assertThat(takeOvers.getFirst()).isLessThan(LEASE.plus(TAKE_OVER_LIMIT).plus(network.takeOver()));
        assertThat(takeOvers.getLast())
                .as("on a machine that does other things")
                .isLessThan(LEASE.plus(SLOW_TAKE_OVER));
        assertThat(traders.acknowledged()).isGreaterThan(5 * rounds);
    }

    /** Returns when the owner was killed. */
    private static Instant loadAndKill(Traders traders, ClusterNode owner, ClusterNode called, int round, Random random)
            throws Exception {
        var load = Load.start(traders, round, called, random);
        long until = System.nanoTime() + Duration.ofSeconds(4).toNanos();
        while (load.started().get() < 3 * CLIENTS + random.nextInt(60) && System.nanoTime() < until) {
            LockSupport.parkNanos(200_000);
        }
        Instant killed = Instant.now();
        owner.running().program().kill();
        load.end();
        return killed;
    }

    @Test
    void a_suspended_owner_that_wakes_up_after_the_take_over_sends_nothing() throws Exception {
        suspendOwner(LONGEST_DISPATCH);
    }

    @Test
    @Tag("long")
    void an_owner_that_was_suspended_for_half_a_minute_sends_nothing() throws Exception {
        suspendOwner(Duration.ofSeconds(30));
    }

    /**
     * Clients that trade while a part of the cluster fails.
     *
     * @param started how many orders were begun
     */
    private record Load(
            List<Thread> threads, AtomicBoolean running, AtomicInteger started, Collection<Throwable> failures) {
        static Load start(Traders traders, int round, ClusterNode called, Random random) {
            var load = new Load(
                    new ArrayList<>(), new AtomicBoolean(true), new AtomicInteger(), new ConcurrentLinkedQueue<>());
            for (int n = 0; n < CLIENTS; n++) {
                var own = new Random(random.nextLong());
                String name = "r" + round + "c" + n + "-";
                load.threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        traders.trade(round, called.running().client(), name, own, load.running, load.started);
                    } catch (AssertionError | RuntimeException e) {
                        load.failures.add(e);
                    }
                }));
            }
            return load;
        }

        /** Starts it and waits for some orders. */
        static Load begun(Traders traders, ClusterNode called, Random random) {
            var load = start(traders, 0, called, random);
            Eventually.await("orders", PATIENCE, load.started::get, count -> count > 40);
            return load;
        }

        /** No client begins another order. */
        void stop() {
            running.set(false);
        }

        void end() throws InterruptedException {
            stop();
            for (var thread : threads) thread.join();
            assertThat(failures).isEmpty();
        }
    }

    /** Repeats each request at {@code called}, cancels all orders, and compares what the owner and the broker have. */
    private static void requireNothingLostOrDoubled(
            Traders traders, ConsistencyCheck consistency, Running called, Running owner, Random random) {
        traders.repeatRequests(called.client(), 0, 0, random);
        consistency.awaitConsistent(owner, 0, 0);
        var verdict = consistency.cancelAllAndCompare(owner, 1);
        assertThat(verdict.lost() + verdict.doubled()).isZero();
    }

    private void suspendOwner(Duration absence) throws Exception {
        var random = new Random(7);
        var traders = new Traders();
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder, "--rate", "400", "--ledger-rate", "5000", "--ticks", "20");
                var book = new BrokerBook(simulator.url(), ACCOUNT)) {
            String url = database.newDatabase();
            var consistency = new ConsistencyCheck(traders, book);
            try (var a = node("a", simulator, url);
                    var b = node("b", simulator, url)) {
                a.awaitReady();
                var load = Load.begun(traders, a, random);
                Instant from = Instant.now();
                Suspension.stop(a.running().program());
                b.running().awaitLog("journal_read");
                load.stop();
                // The successor may send what was accepted and not sent, until the time by which each had to leave.
                Duration left = Duration.between(Instant.now(), from.plus(absence));
                LockSupport.parkNanos(Math.max(0, left.toNanos()));
                long before = book.read().orders().size();
                Suspension.resume(a.running().program());
                consistency.recordSuspension(new Pause(ProcessRole.GATEWAY, from, Instant.now()));
                load.end();
                a.awaitOwner("b");
                assertThat(book.read().orders()).hasSize((int) before);
                requireNothingLostOrDoubled(traders, consistency, b.running(), b.running(), random);
            }
        }
    }

    @Test
    void a_program_written_for_kis_works_at_an_edge_and_goes_on_with_its_token_after_a_take_over() throws Exception {
        int port = FreePort.find();
        var face = new HashMap<>(EDGE);
        face.put("KIS_FACE_PORT", Integer.toString(port));
        var base = URI.create("http://127.0.0.1:" + port);
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder, "--ticks", "20");
                var http = HttpClient.newHttpClient()) {
            String url = database.newDatabase();
            try (var a = node("a", simulator, url);
                    var edge = node("edge", simulator, Optional.of(url), face)) {
                a.awaitReady();
                var made = a.command(url, "keys", "create", "program", "--face", "--json", "--role", "trade").stream()
                        .filter(line -> line.startsWith("{"))
                        .map(new JsonMapper()::readTree)
                        .findFirst()
                        .orElseThrow();
                var program = new FaceProgram(
                        http,
                        base,
                        "program",
                        made.path("appkey").asString(),
                        made.path("appsecret").asString(),
                        made.path("account_no").asString());
                Eventually.await("a token", PATIENCE, program::login, reply -> reply.status() == 200);
                String order;
                try (var b = node("b", simulator, url)) {
                    try (var stream = program.open()) {
                        stream.register("H0STCNT0", "005930");
                        Eventually.await(
                                "trades",
                                PATIENCE,
                                () -> stream.records("H0STCNT0", "005930").size(),
                                count -> count > 3);
                        order = program.order("BUY", "003490", 1, 19_000).odno();
                        assertThat(program.orders()).containsKey(order);
                        assertThat(withForgedAddress(port).status()).isEqualTo(403);

                        a.running().program().kill();
                        assertThat(stream.awaitEnd(PATIENCE))
                                .as("the end of the WebSocket")
                                .isPresent();
                    }
                    b.awaitReady();
                    Eventually.await("a price", PATIENCE, () -> program.price("005930"), FaceProgram.Reply::isTaken);
                    assertThat(program.orders()).containsKey(order);
                    assertThat(program.cancel(order).isTaken()).isTrue();
                    try (var stream = program.open()) {
                        stream.register("H0STCNT0", "005930");
                        Eventually.await(
                                "trades of the successor",
                                PATIENCE,
                                () -> stream.records("H0STCNT0", "005930").size(),
                                count -> count > 3);
                    }
                }
                Eventually.await(
                        "a refusal without an owner",
                        PATIENCE,
                        () -> program.price("005930").body().path("msg1").asString(""),
                        text -> text.contains("[NO_OWNER]"));
            }
        }
    }

    /** The answer to a call that states, without a right to it, that it is passed on for another caller. */
    private static RawHttp.Reply withForgedAddress(int port) throws IOException {
        return RawHttp.send(
                port,
                RawHttp.request(
                        port,
                        "GET /uapi/domestic-stock/v1/quotations/inquire-price",
                        List.of("X-Gateway-Forwarded: K10.0.0.1 1 " + "A".repeat(43)),
                        new byte[0]));
    }

    @Test
    void the_owner_goes_on_after_the_database_was_killed_under_load_and_started_again_within_the_lease()
            throws Exception {
        loseDatabase(Outage.KILLED, Duration.ZERO);
    }

    @Test
    void after_an_absence_of_the_database_longer_than_the_lease_one_gateway_owns_the_accounts_and_nothing_is_lost()
            throws Exception {
        loseDatabase(Outage.KILLED, LEASE.multipliedBy(3));
    }

    @Test
    void while_the_database_is_read_only_for_longer_than_the_lease_orders_are_refused_and_nothing_is_lost()
            throws Exception {
        loseDatabase(Outage.READ_ONLY, LEASE.multipliedBy(3));
    }

    @Test
    void while_the_database_has_no_connection_left_for_longer_than_the_lease_orders_are_refused_and_nothing_is_lost()
            throws Exception {
        loseDatabase(Outage.NO_CONNECTION, LEASE.multipliedBy(3));
    }

    /** What the gateways cannot do with their database for a while. */
    private enum Outage {
        KILLED {
            @Override
            void begin(PostgresServer database) {
                database.kill();
            }

            @Override
            void end(PostgresServer database) {
                database.restart();
            }
        },
        READ_ONLY {
            @Override
            void begin(PostgresServer database) {
                change(database, "SET default_transaction_read_only = on");
            }

            @Override
            void end(PostgresServer database) {
                change(database, "RESET default_transaction_read_only");
            }
        },
        NO_CONNECTION {
            @Override
            void begin(PostgresServer database) {
                change(database, "CONNECTION LIMIT 0");
            }

            @Override
            void end(PostgresServer database) {
                change(database, "CONNECTION LIMIT -1");
            }
        };

        abstract void begin(PostgresServer database);

        abstract void end(PostgresServer database);

        private static final String ROLE = "gateways";
        private static final String PASSWORD = "secret7";

        /** The address of a new database, for a role of its own: a superuser has connections left. */
        static String address(PostgresServer server) {
            server.createRole(ROLE, PASSWORD);
            String url = server.newDatabase();
            server.execute(
                    "postgres", "GRANT CREATE ON DATABASE " + url.substring(url.lastIndexOf('/') + 1) + " TO " + ROLE);
            return url.replace("postgres:postgres@", ROLE + ":" + PASSWORD + "@");
        }

        /** Changes the role, and ends its sessions, which go on as they began. */
        private static void change(PostgresServer server, String change) {
            server.execute("postgres", "ALTER ROLE " + ROLE + " " + change);
            server.execute(
                    "postgres",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + ROLE + "'");
        }
    }

    /** The code with which an order of {@code key} is refused; empty where it is not, and while the port changes hands. */
    private static String refusal(ClusterNode node, String key) {
        try {
            return node.running()
                    .client()
                    .post("/v1/orders", Programs.restingOrder(key), key)
                    .code();
        } catch (GatewayException e) {
            return "";
        }
    }

    /** @param absence how long the outage is, beside the time that it takes to end */
    private void loseDatabase(Outage outage, Duration absence) throws Exception {
        var random = new Random(9);
        var traders = new Traders();
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder, "--rate", "400", "--ledger-rate", "5000", "--ticks", "20");
                var book = new BrokerBook(simulator.url(), ACCOUNT)) {
            String url = Outage.address(database);
            var consistency = new ConsistencyCheck(traders, book);
            Map<String, String> settings = absence.isZero() ? Map.of("CLUSTER_LEASE", "30s") : Map.of();
            try (var a = node("a", simulator, Optional.of(url), settings);
                    var b = node("b", simulator, Optional.of(url), settings)) {
                a.awaitReady();
                b.awaitOwner("a");
                var load = Load.begun(traders, a, random);
                outage.begin(database);
                if (!absence.isZero()) {
                    var refusals = Set.of("JOURNAL_UNAVAILABLE", "NO_OWNER");
                    Eventually.await("a refusal", PATIENCE, () -> refusal(a, "during"), refusals::contains);
                    LockSupport.parkNanos(absence.toNanos());
                    Eventually.await(
                            "refusals after the lease has ended",
                            PATIENCE,
                            () -> List.of(refusal(a, "late-a"), refusal(b, "late-b")),
                            refusals::containsAll);
                }
                outage.end(database);
                var owner = Eventually.await(
                        "an owner that is ready",
                        PATIENCE,
                        () -> Stream.of(a, b).filter(ClusterNode::isReady).toList(),
                        ready -> ready.size() == 1);
                load.end();
                var answering = owner.getFirst().running();
                assertThat(lease(owner.getFirst()).path("epoch").longValue() > 1)
                        .as("a lease that ended")
                        .isEqualTo(!absence.isZero());
                requireNothingLostOrDoubled(traders, consistency, answering, answering, random);
                assertThat(traders.acknowledged()).isGreaterThan(20);
            }
        }
    }

    @Test
    void no_gateway_goes_on_with_a_replica_that_lacks_an_acknowledged_order_until_a_person_accepts_it()
            throws Exception {
        try (var database = PostgresServer.start();
                var network = NetworkRelay.to(database.port());
                var replica = database.replica(network.port());
                var simulator = Programs.simulator(folder);
                var book = new BrokerBook(simulator.url(), ACCOUNT)) {
            String url = database.newDatabase();
            String name = URI.create(url).getPath().substring(1);
            String both = url.replace("/" + name, ",127.0.0.1:" + replica.port() + "/" + name);
            try (var a = node("a", simulator, both);
                    var b = node("b", simulator, both)) {
                a.awaitReady();
                b.awaitOwner("a");
                String kept = a.running().placed("kept", "003490", "BUY", 1, Optional.of(19_000L));
                a.running().awaitStatus(kept, "SENT");
                long before = lastPosition(database, name);
                Eventually.await(
                        "the replica to have the order",
                        PATIENCE,
                        () -> lastPosition(replica, name),
                        position -> position == before);
                network.cut();
                String lost = a.running().placed("lost", "003490", "BUY", 2, Optional.of(19_000L));
                a.running().awaitStatus(lost, "SENT");
                long last = lastPosition(database, name);
                assertThat(lastPosition(replica, name)).isLessThan(last);
                Path record = b.home().resolve("data/sim/journal.position");
                Eventually.await(
                        "the standby to record it",
                        PATIENCE,
                        () -> text(record),
                        text -> text.contains("stream " + last + " A1\n"));
                database.kill();
                replica.promote();

                // An owner that went on within its lease meets the journal at its next commit, and waits for the newest
                // server.
                assertThat(a.running()
                                .place("during", "003490", "BUY", 3, Optional.of(19_000L))
                                .ok())
                        .isFalse();
                Eventually.await(
                        "the owner to refuse the replica",
                        PATIENCE,
                        () -> a.running().log()
                                + String.join("\n", a.running().program().output()),
                        text -> text.contains("older than what this gateway recorded"));
                a.running().program().terminate();
                assertThat(b.running().program().awaitExit(PATIENCE))
                        .as(() -> "b ends\n" + b.logEnd())
                        .isPresent();
                assertThat(String.join("\n", b.running().program().output()))
                        .contains("older than what this gateway recorded", "./kis journal init");
                assertThat(a.running().program().awaitExit(PATIENCE)).isPresent();
                assertThatThrownBy(a::restart).hasMessageContaining("older than what this gateway recorded");
                assertThat(lastPosition(replica, name)).isLessThan(last);
                assertThat(book.read().orders()).hasSize(2);

                b.command(both, "journal", "init");
                b.restart();
                b.awaitReady();
                assertThat(b.running().order(kept).path("status").asString()).isEqualTo("SENT");
                assertThat(statuses(b.running())).hasSize(2).doesNotContainKey(lost);
                assertThat(b.running().placed("lost", "003490", "BUY", 2, Optional.of(19_000L)))
                        .as("a key that the replica does not know")
                        .isNotEqualTo(lost);

                // What one folder's command gave up is given up for all gateways.
                a.restart();
                a.awaitOwner("b");
                b.running().program().terminate();
                a.awaitReady();
                assertThat(a.running().order(kept).path("status").asString()).isEqualTo("SENT");
            }
        }
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long lastPosition(PostgresServer server, String database) {
        try (var connection = server.connect(database);
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT last_seq FROM kis_gateway_sim.streams WHERE stream = 'A1'")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_gateway_that_ran_alone_moves_its_journal_to_the_database_and_another_goes_on_with_it() throws Exception {
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder)) {
            String url = database.newDatabase();
            String order;
            try (var alone = node("a", simulator, Optional.empty(), Map.of())) {
                alone.awaitReady();
                order = alone.running().placed("alone", "003490", "BUY", 1, Optional.of(19_000L));
                alone.running().awaitStatus(order, "SENT");
                assertThat(alone.running().program().stop(PATIENCE)).hasValue(0);
                alone.command(url, "journal", "migrate");
            }
            try (var b = node("b", simulator, url)) {
                // It has no token of the one that ran alone, and KIS issues one a minute.
                b.awaitReady(PATIENCE.multipliedBy(2));
                assertThat(b.running().order(order).path("status").asString()).isEqualTo("SENT");
                assertThat(b.running().placed("alone", "003490", "BUY", 1, Optional.of(19_000L)))
                        .as("the same key again")
                        .isEqualTo(order);
            }
        }
    }

    @Test
    void a_key_that_a_command_creates_is_valid_at_every_owner_and_all_nodes_are_seen() throws Exception {
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder)) {
            String url = database.newDatabase();
            try (var a = node("a", simulator, url);
                    var b = node("b", simulator, url)) {
                a.awaitReady();
                String key = a.command(url, "keys", "create", "desk", "--role", "quote").stream()
                        .filter(line -> line.startsWith("kgw_") && !line.contains(" "))
                        .findFirst()
                        .orElseThrow();
                assertThat(b.command(url, "keys", "list")).anyMatch(line -> line.contains("desk"));
                awaitRoles(a, Map.of("a", "owner", "b", "standby"));
                a.running().program().terminate();
                b.awaitReady();
                var cluster = b.running().get("/v1/cluster");
                assertThat(cluster.path("lease").path("owner").asString()).isEqualTo("b");
                assertThat(cluster.path("lease").path("epoch").longValue()).isEqualTo(2);
                Eventually.await(
                        "the key at the new owner",
                        PATIENCE,
                        // Known, and not of the role that this needs; an unknown one would be refused with 401.
                        () -> b.running().client().withKey(key).get("/v1/session/gaps"),
                        answer -> answer.status() == 403);
            }
        }
    }

    @Test
    void a_backfill_on_shared_storage_goes_on_at_the_next_owner_and_makes_the_same_files() throws Exception {
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder, "--rate", "300", "--ticks", "0.1", "--seed", "7")) {
            Path calm = Files.createDirectories(folder.resolve("calm"));
            // A broker of its own: KIS issues one token a minute, and the past of one seed is the same.
            try (var broker = Programs.simulator(
                            Files.createDirectories(folder.resolve("other")),
                            "--rate",
                            "300",
                            "--ticks",
                            "0.1",
                            "--seed",
                            "7");
                    var alone = node("c", broker, Optional.empty(), Map.of("HISTORY_URL", calm.toString()))) {
                alone.awaitReady();
                var job = BackfillTest.awaitJobEnd(
                        alone.running(), BackfillTest.startBackfill(alone.running(), backfill(alone, 40)));
                assertThat(job.path("done").asInt()).as(job.toString()).isEqualTo(40);
            }
            Path storage = Files.createDirectories(folder.resolve("storage"));
            var shared = Map.of("HISTORY_URL", storage.toUri().toString());
            String url = database.newDatabase();
            try (var a = node("a", simulator, Optional.of(url), shared);
                    var b = node("b", simulator, Optional.of(url), shared)) {
                a.awaitReady();
                String id = BackfillTest.startBackfill(a.running(), backfill(a, 40));
                Eventually.await(
                        "a part of the job",
                        PATIENCE,
                        () -> a.running().get("/v1/jobs/" + id).path("done").asInt(),
                        done -> done >= 10);
                a.running().program().kill();
                b.awaitOwner("b");
                b.awaitReady();
                var job = BackfillTest.awaitJobEnd(b.running(), id);
                assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("DONE");
                assertThat(job.path("done").asInt()).as(job.toString()).isEqualTo(40);
                assertThat(b.running().get("/v1/jobs").path("jobs")).hasSize(1);
                var expected = BackfillTest.hashes(calm.resolve("sim"));
                assertThat(expected).hasSizeGreaterThan(3);
                assertThat(BackfillTest.hashes(storage.resolve("sim"))).isEqualTo(expected);
            }
        }
    }

    @Test
    void an_owner_writes_the_shared_history_only_when_the_suspended_one_before_it_has_let_go() throws Exception {
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder, "--rate", "300", "--ticks", "0.1", "--seed", "7")) {
            Path storage = Files.createDirectories(folder.resolve("storage"));
            var shared = Map.of("HISTORY_URL", storage.toString());
            String url = database.newDatabase();
            try (var a = node("a", simulator, Optional.of(url), shared);
                    var b = node("b", simulator, Optional.of(url), shared)) {
                a.awaitReady();
                String request = backfill(a, 3);
                Suspension.stop(a.running().program());
                try {
                    // Not ready: the suspended one's session with KIS is open. Its history is not either.
                    b.awaitOwner("b");
                    Eventually.await(
                            "the owner to refuse a backfill",
                            PATIENCE,
                            () -> {
                                try {
                                    var answer = b.running().client().post("/v1/history/backfill", request);
                                    return answer.status() + " " + answer.code();
                                } catch (GatewayException e) {
                                    return e.getMessage(); // its port changes hands
                                }
                            },
                            "503 HISTORY_UNAVAILABLE"::equals);
                    var recording = b.running().client().post("/v1/history/recordings", "{\"symbols\":[\"005930\"]}");
                    assertThat(recording.code()).as(recording.toString()).isEqualTo("HISTORY_UNAVAILABLE");
                    b.running()
                            .await(
                                    "/v1/alerts",
                                    "the alert",
                                    body -> body.path("alerts")
                                            .valueStream()
                                            .anyMatch(alert -> alert.path("event")
                                                    .asString()
                                                    .equals("history_unwritable")));
                } finally {
                    Suspension.resume(a.running().program());
                }
                var accepted = Eventually.await(
                        "the history of the owner",
                        PATIENCE,
                        () -> b.running().client().post("/v1/history/backfill", request),
                        answer -> answer.status() == 202);
                var job = BackfillTest.awaitJobEnd(
                        b.running(), accepted.body().path("id").asString());
                assertThat(job.path("done").asInt()).as(job.toString()).isEqualTo(3);
            }
        }
    }

    private static String backfill(ClusterNode node, int symbols) {
        var codes = node.running()
                .get("/v1/instruments?limit=" + symbols)
                .path("instruments")
                .valueStream()
                .map(it -> "\"" + it.path("symbol").asString() + "\"")
                .collect(Collectors.joining(","));
        return "{\"symbols\":[" + codes + "],\"period\":\"D\",\"from\":\"2024-01-02\",\"to\":\"2026-10-30\"}";
    }

    @Test
    void a_graceful_stop_hands_over_at_once_with_the_token_and_the_open_orders() throws Exception {
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder)) {
            String url = database.newDatabase();
            try (var a = node("a", simulator, url);
                    var b = node("b", simulator, url)) {
                a.awaitReady();
                b.awaitOwner("a");
                String resting = a.running().placed("resting", "003490", "BUY", 1, Optional.of(19_000L));
                a.running().awaitStatus(resting, "SENT");
                Instant from = Instant.now();
                a.running().program().terminate();
                b.awaitReady();
                Duration took = Duration.between(from, Instant.now());
                System.out.println("cluster: hand-over of a graceful stop, ms: " + took.toMillis());
                assertThat(took).as(b.running().log()).isLessThan(HAND_OVER_LIMIT);
                assertThat(a.running().program().awaitExit(PATIENCE)).hasValue(0);
                assertThat(b.running().log()).contains("lease_taken");
                assertThat(simulator.tokens()).as("tokens of both owners").isEqualTo(1);
                assertThat(simulator.state().path("sessions"))
                        .as("sessions at the broker")
                        .hasSize(1);
                var cancel = b.running().client().post("/v1/orders/" + resting + "/cancel", "{}", "cancel");
                assertThat(cancel.ok()).as(cancel.toString()).isTrue();
                b.running().awaitStatus(resting, "CANCELED");
            }
        }
    }

    @Test
    void each_owner_is_restarted_in_turn_on_tables_of_the_next_release_and_an_edge_refuses_no_order() throws Exception {
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder, "--rate", "400", "--ledger-rate", "5000", "--ticks", "50");
                var book = new BrokerBook(simulator.url(), ACCOUNT)) {
            String url = database.newDatabase();
            try (var a = node("a", simulator, url)) {
                a.awaitReady();
                try (var b = node("b", simulator, url);
                        var edge = node("edge", simulator, Optional.of(url), EDGE);
                        var ticks = TickWatch.of(edge)) {
                    Eventually.await(
                            "an order through the edge",
                            PATIENCE,
                            () -> edge.running().place("first", "003490", "BUY", 1, Optional.of(19_000L)),
                            Answer::ok);
                    var running = new AtomicBoolean(true);
                    var clients = new ArrayList<PatientClient>();
                    for (int n = 0; n < CLIENTS; n++) {
                        clients.add(PatientClient.start(n, edge, running));
                    }
                    handOver(a, b);
                    expandTables(database, url);
                    handOver(b, a);
                    running.set(false);
                    int placed = 1;
                    Duration longest = Duration.ZERO;
                    int repeated = 0;
                    for (var client : clients) {
                        client.thread().join();
                        assertThat(client.failures()).isEmpty();
                        placed += client.placings().size();
                        longest = client.placings().stream().reduce(longest, ClusterTest::longer);
                        repeated += client.repeated().get();
                    }
                    System.out.println("cluster: two owners restarted, orders through an edge: " + placed
                            + ", longest ms: " + longest.toMillis() + ", answers lost and repeated: " + repeated
                            + ", longest pause of a subscription ms: "
                            + ticks.longestPause().toMillis());
                    assertThat(placed).isGreaterThan(20 * CLIENTS);
                    Eventually.await(
                            "every order to be sent",
                            PATIENCE,
                            () -> Set.copyOf(statuses(a.running()).values()),
                            Set.of("SENT")::equals);
                    assertThat(book.read().orders()).hasSize(placed);
                    assertThat(longest).isLessThan(HAND_OVER_LIMIT);
                    assertThat(ticks.longestPause()).isLessThan(HAND_OVER_LIMIT);
                    assertThat(ticks.gaps()).isBetween(2, 6);
                }
            }
        }
    }

    /** What the next release adds first: columns that this one does not know, under a version that it can still use. */
    private static void expandTables(PostgresServer database, String url) {
        String name = URI.create(url).getPath().substring(1);
        database.execute(
                name,
                "SET search_path TO kis_gateway_sim;"
                        + " ALTER TABLE journal ADD COLUMN later TEXT NOT NULL DEFAULT 'x';"
                        + " ALTER TABLE orders ADD COLUMN later TEXT; ALTER TABLE lease ADD COLUMN later TEXT;"
                        + " UPDATE header SET value = '4' WHERE name = 'schema';"
                        + " UPDATE store_version SET version = version + 1");
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Stops {@code owner} regularly, and starts it again when {@code next} owns the accounts. */
    private static void handOver(ClusterNode owner, ClusterNode next) {
        owner.running().program().terminate();
        next.awaitReady();
        assertThat(owner.running().program().awaitExit(PATIENCE)).hasValue(0);
        owner.restart();
        Eventually.await("the stopped gateway to wait", PATIENCE, owner::owner, next.name()::equals);
    }

    /** A client that places orders until it is stopped, and repeats one under its key only where its answer was lost. */
    private record PatientClient(
            Thread thread, Collection<Duration> placings, AtomicInteger repeated, Collection<Throwable> failures) {
        static PatientClient start(int number, ClusterNode edge, AtomicBoolean running) {
            var placings = new ConcurrentLinkedQueue<Duration>();
            var repeated = new AtomicInteger();
            var failures = new ConcurrentLinkedQueue<Throwable>();
            var thread = Thread.ofPlatform().start(() -> {
                try {
                    while (running.get()) {
                        Instant from = Instant.now();
                        int n = placings.size();
                        // Equal orders are sent one after the other.
                        Supplier<Answer> placing = () -> edge.running()
                                .place(
                                        "p" + number + "-" + n,
                                        "003490",
                                        "BUY",
                                        1 + n % 7,
                                        Optional.of(18_500L + 50 * number));
                        Answer answer = placing.get();
                        while (answer.code().equals("OWNER_UNAVAILABLE")
                                || answer.code().equals("NO_OWNER")
                                        && Duration.between(from, Instant.now()).compareTo(EDGE_WAITS) > 0) {
                            repeated.incrementAndGet();
                            answer = placing.get();
                        }
                        assertThat(answer.ok()).as(answer.toString()).isTrue();
                        placings.add(Duration.between(from, Instant.now()));
                        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                    }
                } catch (AssertionError | RuntimeException e) {
                    failures.add(e);
                }
            });
            return new PatientClient(thread, placings, repeated, failures);
        }
    }

    /** How long the trades of a subscribed symbol paused. */
    private static final class TickWatch implements AutoCloseable {
        private final GatewayStream stream;
        private final Thread thread;
        private final AtomicInteger gaps = new AtomicInteger();
        private volatile boolean ended;
        private volatile Duration longest = Duration.ZERO;

        private TickWatch(GatewayStream stream) {
            this.stream = stream;
            stream.send("{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\"005930\"],\"id\":\"1\"}");
            stream.await("a trade", TickWatch::isTrade, PATIENCE);
            this.thread = Thread.ofPlatform().start(this::watch);
        }

        static TickWatch of(ClusterNode node) {
            return new TickWatch(node.running().stream());
        }

        private static boolean isTrade(JsonNode message) {
            return message.has("p") && !message.has("snapshot");
        }

        private void watch() {
            Instant last = Instant.now();
            while (!ended) {
                var message = stream.await("a message", _ -> true, PATIENCE);
                if (message.path("gap").isObject()) {
                    gaps.incrementAndGet();
                } else if (isTrade(message)) {
                    Instant now = Instant.now();
                    longest = longer(longest, Duration.between(last, now));
                    last = now;
                }
            }
        }

        Duration longestPause() {
            return longest;
        }

        int gaps() {
            return gaps.get();
        }

        @Override
        public void close() throws InterruptedException {
            ended = true;
            thread.join();
            stream.close();
        }
    }

    @Test
    void a_gateway_with_another_master_key_or_account_than_the_owner_does_not_start() throws Exception {
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder)) {
            String url = database.newDatabase();
            try (var a = node("a", simulator, url)) {
                a.awaitReady();
                var otherKey = Map.of(
                        "GATEWAY_CONFIG_DIR", folder.resolve("other-config").toString());
                assertThatThrownBy(() -> node("b", simulator, Optional.of(url), otherKey))
                        .hasMessageContaining("exit code 1")
                        .hasMessageContaining("another master key than a");
                var otherAccount = Map.of("KIS_ACCOUNT_NO", "50123457-01");
                assertThatThrownBy(() -> node("c", simulator, Optional.of(url), otherAccount))
                        .hasMessageContaining("exit code 1")
                        .hasMessageContaining("another account than that of a");
                assertThat(a.running().program().stop(PATIENCE)).hasValue(0);
                assertThatThrownBy(() -> node("e", simulator, Optional.of(url), otherAccount))
                        .as("it would own the accounts")
                        .hasMessageContaining("exit code 2")
                        .hasMessageContaining("another account than that of the last owner");
                LockSupport.parkNanos(LEASE.plusSeconds(2).toNanos()); // all are silent
                try (var d = node("d", simulator, Optional.of(url), otherKey)) {
                    d.awaitReady(); // a new key after all gateways have ended
                }
            }
        }
    }

    @Test
    void a_gateway_with_another_app_key_than_the_owner_serves_and_warns_without_naming_the_key() throws Exception {
        String otherKey = "another-app-key-of-this-test-0123456";
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder)) {
            var url = Optional.of(database.newDatabase());
            try (var a = node("a", simulator, url, Map.of());
                    var equal = node("equal", simulator, url, EDGE)) {
                a.awaitReady();
                equal.awaitOwner("a");
                try (var other =
                        node("other", simulator, url, Map.of("CLUSTER_ROLE", "edge", "KIS_APP_KEY", otherKey))) {
                    other.awaitOwner("a");
                    Eventually.await(
                            "the warning of " + other.name(),
                            PATIENCE,
                            () -> other.running().log(),
                            log -> log.contains("cluster_settings_differ node=other own="));
                    assertThat(other.running().client().get("/v1/quotes/005930").status())
                            .isEqualTo(200);
                    assertThat(other.running().log()).doesNotContain(otherKey);
                    assertThat(equal.running().log()).doesNotContain("cluster_settings_differ");
                }
            }
        }
    }

    @Test
    void a_second_gateway_with_the_name_or_a_copy_of_the_data_folder_of_one_that_lives_does_not_start()
            throws Exception {
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder)) {
            String url = database.newDatabase();
            try (var a = node("a", simulator, url);
                    var edge = node("edge", simulator, Optional.of(url), EDGE)) {
                a.awaitReady();
                edge.awaitOwner("a");
                long epoch = lease(a).path("epoch").asLong();
                assertThatThrownBy(() -> node("b", simulator, Optional.of(url), Map.of("CLUSTER_NODE", "a")))
                        .hasMessageContaining("exit code 1")
                        .hasMessageContaining(
                                "is named a, too: give each gateway of the database its own CLUSTER_NODE.");
                copyNode(a, "c");
                assertThatThrownBy(() -> node("c", simulator, url))
                        .hasMessageContaining("exit code 2")
                        .hasMessageContaining(
                                "runs with the id of this data folder, so one is a copy of the other: remove ");
                copyNode(edge, "d");
                assertThatThrownBy(() -> node("d", simulator, Optional.of(url), EDGE))
                        .hasMessageContaining("127.0.0.1:" + edge.port() + " runs with the id of this data folder");
                assertThat(lease(a).path("epoch").asLong()).isEqualTo(epoch);
                assertThat(a.isReady()).isTrue();
                awaitRoles(a, Map.of("a", "owner", "edge", "edge"));
            }
        }
    }

    @Test
    void of_two_copies_that_start_at_once_one_lives_and_of_a_suspended_owner_and_its_copy_the_copy() throws Exception {
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder)) {
            String url = database.newDatabase();
            try (var first = node("first", simulator, url)) {
                first.awaitReady(); // the folders' common master key exists
                assertThat(first.running().program().stop(PATIENCE)).hasValue(0);
            }
            for (var name : List.of("x", "y")) {
                var data = Files.createDirectories(folder.resolve(name).resolve("data/sim"));
                Files.writeString(data.resolve("node"), "0123456789abcdef".repeat(2) + "\n");
            }
            var starts = Stream.of("x", "y")
                    .map(name -> CompletableFuture.supplyAsync(() -> startedOrRefused(name, simulator, url)))
                    .toList();
            var started = starts.stream()
                    .map(CompletableFuture::join)
                    .flatMap(Optional::stream)
                    .toList();
            assertThat(started).as("one of the two").hasSize(1);
            try (var original = started.getFirst()) {
                original.awaitReady();
                copyNode(original, "z");
                Suspension.stop(original.running().program());
                try (var copy = node("z", simulator, url)) {
                    copy.awaitOwner("z"); // its session with the broker opens when the suspended one's has ended
                    Suspension.resume(original.running().program());
                    assertThat(original.running().program().awaitExit(PATIENCE)).hasValue(2);
                    assertThat(String.join("\n", original.running().program().output()))
                            .contains("A gateway elsewhere runs with the id of this data folder");
                    awaitRoles(copy, Map.of("z", "owner"));
                }
            }
        }
    }

    private Optional<ClusterNode> startedOrRefused(String name, Simulator simulator, String url) {
        try {
            return Optional.of(node(name, simulator, url));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ProgramException e) {
            assertThat(e).hasMessageContaining("runs with the id of this data folder, so one is a copy of the other");
            return Optional.empty();
        }
    }

    @Test
    void a_gateway_that_stopped_is_not_listed_and_one_that_died_is_silent() throws Exception {
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder)) {
            String url = database.newDatabase();
            try (var a = node("a", simulator, url);
                    var b = node("b", simulator, url);
                    var c = node("c", simulator, url)) {
                a.awaitReady();
                b.awaitOwner("a");
                c.awaitOwner("a");
                assertThat(b.running().program().stop(PATIENCE)).hasValue(0);
                awaitRoles(a, Map.of("a", "owner", "c", "standby"));
                c.running().program().kill();
                awaitRoles(a, Map.of("a", "owner", "c", "silent"));
                c.restart(); // its former process was seen a moment ago
                awaitRoles(a, Map.of("a", "owner", "c", "standby"));
            }
        }
    }

    /** A busy machine may see one as silent for a moment. */
    private static void awaitRoles(ClusterNode node, Map<String, String> expected) {
        Eventually.await("the gateways of the cluster", PATIENCE, () -> roles(node), expected::equals);
    }

    private static JsonNode lease(ClusterNode node) {
        return node.running().client().get("/v1/cluster").body().path("lease");
    }

    private static Map<String, String> roles(ClusterNode node) {
        var roles = new TreeMap<String, String>();
        node.running()
                .client()
                .get("/v1/cluster")
                .body()
                .path("nodes")
                .forEach(it ->
                        roles.put(it.path("name").asString(), it.path("role").asString()));
        return roles;
    }

    /** Gives the folder of a gateway that has not started yet the id of {@code original}. */
    private void copyNode(ClusterNode original, String name) throws IOException {
        var data = Files.createDirectories(folder.resolve(name).resolve("data/sim"));
        Files.copy(original.home().resolve("data/sim/node"), data.resolve("node"));
    }

    @Test
    void commands_in_the_folder_of_a_gateway_that_waits_find_it_and_show_when_no_gateway_owns_the_accounts()
            throws Exception {
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder)) {
            String url = database.newDatabase();
            try (var a = node("a", simulator, url);
                    var edge = node("edge", simulator, Optional.of(url), EDGE)) {
                a.awaitReady();
                edge.awaitOwner("a");
                var address = edge.home().resolve("data/sim/api.address");
                assertThat(Files.readString(address)).startsWith("http://127.0.0.1:" + edge.port() + " ");
                assertThat(String.join("\n", edge.terminal("cluster")))
                        .contains("owner        a", "http://127.0.0.1:" + edge.port());
                a.running().program().kill();
                Eventually.await(
                        "the edge to have no owner",
                        PATIENCE,
                        () -> edge.running().get("/v1/cluster").path("nodes"),
                        nodes -> !nodes.isEmpty()
                                && nodes.valueStream()
                                        .noneMatch(
                                                it -> it.path("role").asString().equals("owner")));
                assertThat(String.join("\n", edge.terminal("cluster"))).contains("none now; the last was a");
                assertThat(edge.running().program().stop(PATIENCE)).hasValue(0);
                assertThat(address).doesNotExist();
            }
        }
    }

    @Test
    void an_edge_serves_what_the_owner_serves_and_says_so_when_there_is_none() throws Exception {
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder, "--ticks", "20")) {
            String url = database.newDatabase();
            try (var a = node("a", simulator, url);
                    var edge = node("edge", simulator, Optional.of(url), EDGE)) {
                a.awaitReady();
                String order = edge.running().placed("one", "003490", "BUY", 1, Optional.of(19_000L));
                edge.running().awaitStatus(order, "SENT");
                assertThat(a.running().order(order)).isEqualTo(edge.running().order(order));
                assertThat(a.running().placed("one", "003490", "BUY", 1, Optional.of(19_000L)))
                        .as("the same key at the owner")
                        .isEqualTo(order);
                awaitRoles(edge, Map.of("a", "owner", "edge", "edge"));
                assertThat(edge.running().get("/v1/quotes/005930").path("state").asString())
                        .isEqualTo("HEALTHY");
                try (var stream = edge.running().stream()) {
                    stream.send(
                            "{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\"005930\"],\"id\":\"1\"}");
                    stream.await("a trade", TickWatch::isTrade, PATIENCE);

                    a.running().program().kill();
                    Eventually.await(
                            "the edge to have no owner",
                            PATIENCE,
                            () -> edge.running().place("two", "003490", "BUY", 1, Optional.of(19_000L)),
                            answer -> answer.code().equals("NO_OWNER"));
                    assertThat(edge.running()
                                    .get("/v1/quotes/005930")
                                    .path("state")
                                    .asString())
                            .isEqualTo("STALE");
                    assertThat(edge.running().client().get("/health/live").ok()).isTrue();
                    assertThat(edge.running().client().get("/health/ready").status())
                            .isEqualTo(503);
                    LockSupport.parkNanos(LEASE.plusSeconds(2).toNanos());
                    assertThat(edge.owner()).as("an edge takes nothing over").isEqualTo("a");

                    a.restart();
                    a.awaitReady();
                    stream.await("the gap", message -> message.path("gap").isObject(), PATIENCE);
                    stream.await("a trade again", message -> message.has("p"), PATIENCE);
                    Eventually.await(
                            "the edge to serve again",
                            PATIENCE,
                            () -> edge.running().place("two", "003490", "BUY", 1, Optional.of(19_000L)),
                            answer -> answer.ok());
                    assertThat(edge.running()
                                    .get("/v1/quotes/005930")
                                    .path("state")
                                    .asString())
                            .isEqualTo("HEALTHY");
                }
            }
        }
    }

    @Test
    void the_page_at_an_edge_shows_the_gateways_of_the_cluster_through_a_take_over_and_without_an_owner()
            throws Exception {
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder);
                var browser = new PageBrowser()) {
            String url = database.newDatabase();
            try (var a = node("a", simulator, url);
                    var b = node("b", simulator, url);
                    var edge = node("edge", simulator, Optional.of(url), EDGE)) {
                a.awaitReady();
                try (var visit = browser.visit("http://127.0.0.1:" + edge.port() + "/#machine")) {
                    assertThat(visit.page().locator("[data-gateway]")).hasCount(3);
                    assertThat(role(visit, "a")).hasText("owner");
                    assertThat(role(visit, "b")).hasText("standby");
                    assertThat(role(visit, "edge")).hasText("edge");
                    assertThat(visit.page().locator("[data-gateway]:has-text('serves this page')"))
                            .hasAttribute("data-gateway", "edge");
                    var nodes = edge.running().get("/v1/cluster").path("nodes");
                    for (var node : nodes) {
                        var row = visit.page()
                                .locator("[data-gateway='" + node.path("name").asString() + "']");
                        assertThat(row).containsText(node.path("address").asString());
                        assertThat(row).containsText(node.path("version").asString());
                    }
                    assertThat(fact(visit, "Owner")).hasText("a");
                    var ends = fact(visit, "Lease ends");
                    assertThat(ends).not().hasText(ends.textContent()); // renewed, without a reload
                    var seen = visit.page().locator("[data-gateway='b'] .time");
                    assertThat(seen).not().hasText(seen.textContent());
                    visit.button("한국어").click();
                    assertThat(role(visit, "a")).hasText("소유");
                    visit.button("English").click();
                    assertThat(visit.complaints()).isEmpty();

                    a.running().program().kill();
                    var patient = new HasTextOptions().setTimeout(PATIENCE.toMillis());
                    assertThat(role(visit, "b")).hasText("owner", patient);
                    assertThat(role(visit, "a")).hasText("silent", patient);
                    assertThat(fact(visit, "Owner")).hasText("b");
                    assertThat(fact(visit, "Ownership")).hasText("2");

                    b.running().program().kill();
                    assertThat(visit.page().getByText("No gateway owns the accounts now."))
                            .isVisible(new IsVisibleOptions().setTimeout(PATIENCE.toMillis()));
                    assertThat(fact(visit, "Last owner")).hasText("b");
                    assertThat(role(visit, "edge")).hasText("edge");
                }
            }
        }
    }

    private static Locator role(Visit visit, String gateway) {
        return visit.page().locator("[data-gateway='" + gateway + "'] td").nth(1);
    }

    /** A fact about the lease. */
    private static Locator fact(Visit visit, String name) {
        return visit.page().locator("main dt:text-is('" + name + "') + dd");
    }

    @Test
    void an_owner_without_its_database_stops_before_another_begins() throws Exception {
        var random = new Random(8);
        var traders = new Traders();
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder, "--rate", "400", "--ledger-rate", "5000", "--ticks", "20");
                var book = new BrokerBook(simulator.url(), ACCOUNT)) {
            String url = database.newDatabase();
            var consistency = new ConsistencyCheck(traders, book);
            try (var network = NetworkRelay.to(database.port());
                    var a = node("a", simulator, through(network, url));
                    var b = node("b", simulator, url)) {
                a.awaitReady();
                network.delay(Duration.ofMillis(3));
                var load = Load.begun(traders, a, random);
                Instant cut = Instant.now();
                network.cut();
                // Its session with KIS opens later: the former owner's has to end there first.
                b.running().awaitLog("journal_read");
                b.awaitOwner("b");
                Duration took = Duration.between(cut, Instant.now());
                load.stop();
                Duration left = Duration.between(Instant.now(), cut.plus(LONGEST_DISPATCH));
                LockSupport.parkNanos(Math.max(0, left.toNanos()));
                long before = book.read().orders().size();
                network.mend();
                load.end();
                a.awaitOwner("b");
                assertThat(book.read().orders()).as("after the network is back").hasSize((int) before);
                System.out.println("cluster: take-over of an owner without its database, ms: " + took.toMillis());
                requireNothingLostOrDoubled(traders, consistency, a.running(), b.running(), random);
            }
        }
    }

    @Test
    void an_owner_without_its_broker_keeps_the_accounts_and_loses_and_doubles_nothing() throws Exception {
        var random = new Random(10);
        var traders = new Traders();
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder, "--rate", "400", "--ledger-rate", "5000", "--ticks", "20");
                var book = new BrokerBook(simulator.url(), ACCOUNT)) {
            String url = database.newDatabase();
            var consistency = new ConsistencyCheck(traders, book);
            try (var network = NetworkRelay.to(URI.create(simulator.url()).getPort());
                    var a = node(
                            "a",
                            simulator,
                            Optional.of(url),
                            Map.of("SIMULATOR_URL", "http://127.0.0.1:" + network.port()));
                    var b = node("b", simulator, url)) {
                a.awaitReady();
                b.awaitOwner("a");
                var load = Load.begun(traders, a, random);
                Instant cut = Instant.now();
                network.cut();
                LockSupport.parkNanos(LEASE.multipliedBy(2).toNanos());
                assertThat(lease(b).path("owner").asString()).isEqualTo("a");
                assertThat(lease(b).path("epoch").longValue())
                        .as("owners so far")
                        .isEqualTo(1);
                network.mend();
                consistency.recordStall(new Pause(ProcessRole.BROKER, cut, Instant.now()));
                a.awaitReady();
                int before = traders.acknowledged();
                Eventually.await("orders again", PATIENCE, traders::acknowledged, count -> count > before + 10);
                load.end();
                requireNothingLostOrDoubled(traders, consistency, a.running(), a.running(), random);
            }
        }
    }
}
