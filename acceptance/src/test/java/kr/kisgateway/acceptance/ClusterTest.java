package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.programs.LocalProgram;
import kr.kisgateway.programs.PostgresServer;
import kr.kisgateway.simulation.history.CrashRoundChecks.Pause;
import kr.kisgateway.simulation.history.CrashRoundChecks.ProcessRole;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Gateways that share a real PostgreSQL, with the broker in a process of its own: the owner is killed or suspended under load, and
 * what its clients received is compared with what its successor shows and the broker's own book has.
 */
class ClusterTest {
    private static final String ACCOUNT = "50123456";
    private static final int CLIENTS = 8;
    private static final Duration LEASE = Duration.ofSeconds(3);
    /** After the end of the lease: a start, and the broker's list. */
    private static final Duration TAKE_OVER_LIMIT = Duration.ofSeconds(5);
    /** Orders of {@link Traders} have to leave within 4.5 s; their slot was granted before. */
    private static final Duration LONGEST_DISPATCH = Duration.ofSeconds(8);

    /** Of a machine that also runs the simulator, the database and the other gateways. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void the_owner_is_killed_under_load_three_times_and_nothing_is_lost_or_doubled() throws Exception {
        runRounds(3, seed());
    }

    @Test
    @Tag("long")
    void the_owner_is_killed_under_load_fifty_times_and_nothing_is_lost_or_doubled() throws Exception {
        runRounds(50, seed());
    }

    private static long seed() {
        return Long.getLong("kis.kill.seed", System.nanoTime());
    }

    /** A gateway of the cluster, which may not run at the moment. */
    private final class Node implements AutoCloseable {
        private final String name;
        private final Path home;
        private final int port;
        private final Launch launch;
        private Running running;

        Node(String name, Simulator simulator, String database) throws Exception {
            this(name, simulator, Optional.of(database));
        }

        /** @param database empty for one that runs alone */
        Node(String name, Simulator simulator, Optional<String> database) throws Exception {
            this.name = name;
            this.home = Files.createDirectories(folder.resolve(name));
            this.port = Programs.freePort();
            var launch = Programs.gateway(home, simulator)
                    .withEnvironment(
                            "GATEWAY_CONFIG_DIR", folder.resolve("config").toString())
                    .withEnvironment("GATEWAY_PORT", Integer.toString(port))
                    .withEnvironment("KIS_FACE_PORT", "0")
                    .withEnvironment("KIS_ENV", "sim")
                    .withEnvironment("KIS_APP_KEY", "cluster-app-key-of-this-test-01234567")
                    .withEnvironment("KIS_APP_SECRET", "c".repeat(180))
                    .withEnvironment("KIS_ACCOUNT_NO", ACCOUNT + "-01")
                    .withEnvironment("KIS_HTS_ID", "cluster1")
                    .withEnvironment("CLUSTER_NODE", name)
                    .withEnvironment("CLUSTER_LEASE", LEASE.toSeconds() + "s")
                    .withEnvironment("SIMULATOR_RATE_LIMIT", "300")
                    .withEnvironment("RISK_DAILY_ORDERS", "1000000")
                    .withEnvironment("RISK_REFUSE_SELF_CROSS", "false")
                    .withEnvironment("KIS_API_CIRCUIT_BREAKER_THRESHOLD", "1000");
            this.launch = database.map(url -> launch.withEnvironment("DATABASE_URL", url))
                    .orElse(launch);
            start();
        }

        private void start() {
            running = Running.startUnready(launch);
        }

        /** Starts it again after it was killed. */
        void restart() {
            running.close();
            start();
        }

        Running running() {
            return running;
        }

        /** Whether it owns the accounts and can trade. */
        boolean isReady() {
            try {
                var cluster = running.client().get("/v1/cluster").body();
                boolean owns = cluster.path("mode").asString().equals("single")
                        || cluster.path("node").equals(cluster.path("lease").path("owner"));
                return owns && running.client().get("/health/ready").ok();
            } catch (RuntimeException e) {
                return false; // its port changes hands
            }
        }

        /** The code of the answer; empty for an answer without one, or none. */
        String answerOf(String path) {
            try {
                return running.client().get(path).code();
            } catch (RuntimeException e) {
                return ""; // its port changes hands
            }
        }

        /** The output of a command of the gateway's program on the node's folder and {@code database}. */
        List<String> command(String database, String... arguments) {
            var command = Launch.of(Launch.projectHome(), "gateway", "kr.kisgateway.gateway.Main", home)
                    .withEnvironment("GATEWAY_DATA_DIR", home.resolve("data").toString())
                    .withEnvironment("DATABASE_URL", database)
                    .withArguments(arguments);
            try (var program = LocalProgram.startWithoutWaiting(command)) {
                var code = program.awaitExit(PATIENCE);
                assertThat(code).as(program.output().toString()).hasValue(0);
                return program.output();
            }
        }

        void awaitReady() {
            Eventually.await("node " + name + " to be ready", PATIENCE, this::isReady, ready -> ready);
        }

        @Override
        public void close() {
            running.close();
        }
    }

    private void runRounds(int rounds, long seed) throws Exception {
        System.out.println("cluster rounds: seed " + seed);
        var random = new Random(seed);
        var traders = new Traders();
        var takeOvers = new ArrayList<Duration>();
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder, "--rate", "400", "--ledger-rate", "5000", "--ticks", "20");
                var book = new BrokerBook(simulator.url(), ACCOUNT)) {
            String url = database.newDatabase();
            var consistency = new ConsistencyCheck(traders, book);
            try (var a = new Node("a", simulator, url)) {
                a.awaitReady();
                try (var b = new Node("b", simulator, url)) {
                    assertThat(b.isReady()).as("two owners").isFalse();
                    Node owner = a;
                    Node other = b;
                    for (int round = 0; round < rounds; round++) {
                        Instant killed = loadAndKill(traders, owner, round, random);
                        other.awaitReady();
                        takeOvers.add(Duration.between(killed, Instant.now()));
                        owner.restart();
                        Node successor = other;
                        other = owner;
                        owner = successor;
                        assertThat(other.isReady()).as("two owners").isFalse();
                        traders.repeatRequests(owner.running().client(), round, 20, random);
                        consistency.awaitConsistent(owner.running(), round, 2);
                    }
                    var verdict = consistency.cancelAllAndCompare(owner.running(), rounds);
                    assertThat(verdict.lost() + verdict.doubled()).isZero();
                    b.close();
                }
                a.close();
                a.command(url, "journal", "verify");
            }
        }
        Collections.sort(takeOvers);
        System.out.println("cluster rounds: take-overs after a kill, ms: "
                + takeOvers.stream().map(Duration::toMillis).toList());
        assertThat(takeOvers.getLast()).isLessThan(LEASE.plus(TAKE_OVER_LIMIT));
        assertThat(traders.acknowledged()).isGreaterThan(5 * rounds);
    }

    /** Returns when the owner was killed. */
    private static Instant loadAndKill(Traders traders, Node owner, int round, Random random) throws Exception {
        var running = new AtomicBoolean(true);
        var started = new AtomicInteger();
        var failures = new ConcurrentLinkedQueue<Throwable>();
        var threads = new ArrayList<Thread>();
        for (int n = 0; n < CLIENTS; n++) {
            var own = new Random(random.nextLong());
            String name = "r" + round + "c" + n + "-";
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    traders.trade(round, owner.running().client(), name, own, running, started);
                } catch (AssertionError | RuntimeException e) {
                    failures.add(e);
                }
            }));
        }
        long until = System.nanoTime() + Duration.ofSeconds(4).toNanos();
        while (started.get() < 3 * CLIENTS + random.nextInt(60) && System.nanoTime() < until) {
            LockSupport.parkNanos(200_000);
        }
        Instant killed = Instant.now();
        owner.running().program().kill();
        running.set(false);
        for (var thread : threads) thread.join();
        assertThat(failures).isEmpty();
        return killed;
    }

    @Test
    void a_suspended_owner_that_wakes_up_after_the_take_over_sends_nothing() throws Exception {
        var random = new Random(7);
        var traders = new Traders();
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder, "--rate", "400", "--ledger-rate", "5000", "--ticks", "20");
                var book = new BrokerBook(simulator.url(), ACCOUNT)) {
            String url = database.newDatabase();
            var consistency = new ConsistencyCheck(traders, book);
            try (var a = new Node("a", simulator, url);
                    var b = new Node("b", simulator, url)) {
                a.awaitReady();
                var running = new AtomicBoolean(true);
                var started = new AtomicInteger();
                List<Thread> threads = new ArrayList<>();
                for (int n = 0; n < CLIENTS; n++) {
                    var own = new Random(random.nextLong());
                    String name = "c" + n + "-";
                    threads.add(Thread.ofPlatform()
                            .start(() -> traders.trade(0, a.running().client(), name, own, running, started)));
                }
                Eventually.await("orders", PATIENCE, started::get, count -> count > 40);
                Instant from = Instant.now();
                Suspension.stop(a.running().program());
                b.running().awaitLog("journal_read");
                running.set(false);
                // The successor may send what was accepted and not sent, until the time by which each had to leave.
                Duration left = Duration.between(Instant.now(), from.plus(LONGEST_DISPATCH));
                LockSupport.parkNanos(Math.max(0, left.toNanos()));
                long before = book.read().orders().size();
                Suspension.resume(a.running().program());
                consistency.recordSuspension(new Pause(ProcessRole.GATEWAY, from, Instant.now()));
                for (var thread : threads) thread.join();
                Eventually.await(
                        "the former owner to notice",
                        PATIENCE,
                        () -> a.answerOf("/v1/orders"),
                        code -> code.equals("NO_OWNER"));
                assertThat(book.read().orders()).hasSize((int) before);
                traders.repeatRequests(b.running().client(), 0, 0, random);
                consistency.awaitConsistent(b.running(), 0, 0);
                var verdict = consistency.cancelAllAndCompare(b.running(), 1);
                assertThat(verdict.lost() + verdict.doubled()).isZero();
            }
        }
    }

    @Test
    void the_owner_goes_on_after_the_database_was_killed_and_started_again() throws Exception {
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder);
                var owner = new Node("a", simulator, database.newDatabase())) {
            owner.awaitReady();
            String order = owner.running().placed("before", "003490", "BUY", 1, Optional.of(19_000L));
            owner.running().awaitStatus(order, "SENT");
            database.kill();
            Eventually.await(
                    "a refusal",
                    PATIENCE,
                    () -> owner.running().client().post("/v1/orders", Programs.restingOrder("during"), "during"),
                    answer -> answer.code().equals("JOURNAL_UNAVAILABLE"));
            database.restart();
            owner.awaitReady();
            assertThat(owner.running().order(order).path("status").asString()).isEqualTo("SENT");
            assertThat(owner.running()
                            .client()
                            .post("/v1/orders", Programs.restingOrder("after"), "after")
                            .ok())
                    .isTrue();
        }
    }

    @Test
    void a_gateway_that_ran_alone_moves_its_journal_to_the_database_and_another_goes_on_with_it() throws Exception {
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder)) {
            String url = database.newDatabase();
            String order;
            try (var alone = new Node("a", simulator, Optional.empty())) {
                alone.awaitReady();
                order = alone.running().placed("alone", "003490", "BUY", 1, Optional.of(19_000L));
                alone.running().awaitStatus(order, "SENT");
                assertThat(alone.running().program().stop(PATIENCE)).hasValue(0);
                alone.command(url, "journal", "migrate");
            }
            try (var b = new Node("b", simulator, url)) {
                b.awaitReady();
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
            try (var a = new Node("a", simulator, url);
                    var b = new Node("b", simulator, url)) {
                a.awaitReady();
                String key = a.command(url, "keys", "create", "desk", "--role", "quote").stream()
                        .filter(line -> line.startsWith("kgw_") && !line.contains(" "))
                        .findFirst()
                        .orElseThrow();
                assertThat(b.command(url, "keys", "list")).anyMatch(line -> line.contains("desk"));
                assertThat(a.running().get("/v1/cluster").path("nodes"))
                        .extracting(node -> node.path("name").asString() + " "
                                + node.path("role").asString())
                        .containsExactly("a owner", "b standby");
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
    void a_graceful_stop_hands_over_at_once() throws Exception {
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder)) {
            String url = database.newDatabase();
            try (var a = new Node("a", simulator, url);
                    var b = new Node("b", simulator, url)) {
                a.awaitReady();
                Instant from = Instant.now();
                a.running().program().terminate();
                b.awaitReady();
                Duration took = Duration.between(from, Instant.now());
                System.out.println("cluster: hand-over of a graceful stop, ms: " + took.toMillis());
                assertThat(a.running().program().awaitExit(PATIENCE)).hasValue(0);
                assertThat(b.running().log()).contains("lease_taken");
            }
        }
    }
}
