package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.programs.PostgresServer;
import kr.kisgateway.simulation.history.HistoryChecker.BookedOrder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Brackets that are placed through an edge in a moving market, while their owner is killed again and again. Afterwards each request
 * is one bracket, each order of one is at the broker once, and no exit sold more than its entry bought.
 */
@Tag("slow")
@Tag("alone")
class ClusterParentsTest {
    private static final String SYMBOL = "005930";
    private static final long STEP = 1_000;
    private static final int CLIENTS = 4;
    /** Answers with which nothing, or nothing yet, is known of the request: it is repeated under its key. */
    private static final Set<String> UNDECIDED =
            Set.of("JOURNAL_UNAVAILABLE", "OWNER_UNAVAILABLE", "NO_OWNER", "NOT_READY", "IDEMPOTENCY_IN_FLIGHT");

    /** Of the end of all brackets: a stop that follows the price begins when its entry is filled, and is reached by a later fall. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private final Map<String, String> bodies = new ConcurrentHashMap<>();
    private final Map<String, String> parents = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @Test
    void the_owner_is_killed_three_times_and_no_order_of_a_bracket_is_lost_doubled_or_without_its_bracket()
            throws Exception {
        killOwners(3, 20_261_129);
    }

    @Test
    @Tag("long")
    void the_owner_is_killed_fifty_times_and_no_order_of_a_bracket_is_lost_doubled_or_without_its_bracket()
            throws Exception {
        killOwners(50, 20_261_130);
    }

    private void killOwners(int kills, long seed) throws Exception {
        var random = new Random(seed);
        var settings = Map.of("RISK_MAX_QTY", "100000");
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder, "--rate", "400", "--ledger-rate", "5000", "--ticks", "20");
                var book = new BrokerBook(simulator.url(), ClusterNode.ACCOUNT)) {
            Optional<String> url = Optional.of(database.newDatabase());
            try (var a = new ClusterNode(folder, "a", simulator, url, settings)) {
                a.awaitReady();
                try (var b = new ClusterNode(folder, "b", simulator, url, settings);
                        var edge = new ClusterNode(folder, "edge", simulator, url, ClusterNode.EDGE)) {
                    b.awaitOwner("a");
                    edge.awaitOwner("a");
                    long center = price(edge.running());
                    ClusterNode owner = a;
                    ClusterNode other = b;
                    int openAtKills = 0;
                    for (int round = 0; round < kills; round++) {
                        openAtKills += loadAndKill(round, owner, edge.running(), simulator, center, random);
                        other.awaitReady();
                        owner.restart();
                        ClusterNode successor = other;
                        other = owner;
                        owner = successor;
                        repeat(edge.running(), "r" + round + "-");
                        endAll(edge.running(), simulator, center);
                    }
                    verify(edge.running(), book);
                    assertThat(openAtKills)
                            .as("brackets that were open just before their owner died")
                            .isPositive();
                    System.out.println("cluster brackets: " + kills + " kills, " + parents.size() + " brackets, "
                            + openAtKills + " open at a kill");
                }
                a.close();
                a.command(url.get(), "journal", "verify");
            }
        }
    }

    /** Places brackets in a moving market and kills the owner; returns how many were open up to half a second before. */
    private int loadAndKill(int round, ClusterNode owner, Running edge, Simulator simulator, long center, Random random)
            throws InterruptedException {
        var running = new AtomicBoolean(true);
        var threads = new ArrayList<Thread>();
        for (int n = 0; n < CLIENTS; n++) {
            var own = new Random(random.nextLong());
            String name = "r" + round + "-" + n + "-";
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; running.get() && i < 8; i++) {
                        String key = name + i;
                        bodies.put(key, bracket(own, center));
                        create(edge, key);
                        LockSupport.parkNanos(
                                Duration.ofMillis(own.nextInt(100)).toNanos());
                    }
                } catch (AssertionError | RuntimeException e) {
                    failures.add(e);
                }
            }));
        }
        var mover = Thread.ofPlatform().start(() -> {
            var own = new Random(round);
            try {
                while (running.get()) {
                    move(simulator, center + (own.nextInt(13) - 6) * STEP);
                    LockSupport.parkNanos(Duration.ofMillis(150).toNanos());
                }
            } catch (AssertionError | RuntimeException e) {
                failures.add(e);
            }
        });
        LockSupport.parkNanos(Duration.ofMillis(500 + random.nextInt(1_000)).toNanos());
        int open = parents(edge, "open").size();
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(500)).toNanos());
        owner.running().program().kill();
        running.set(false);
        mover.join();
        for (var thread : threads) thread.join();
        assertThat(failures).isEmpty();
        return open;
    }

    /** A bracket around {@code price}, one in three with a stop that follows it. */
    private static String bracket(Random random, long price) {
        long near = price / STEP * STEP;
        String stop = random.nextInt(3) == 0
                ? "{\"trail\":{\"amount\":" + (2 + random.nextInt(4)) * STEP + "}}"
                : "{\"price\":" + (near - (7 + random.nextInt(6)) * STEP) + "}";
        String profit = random.nextInt(4) == 0
                ? ""
                : ",\"take_profit\":{\"price\":" + (near + (7 + random.nextInt(6)) * STEP) + "}";
        return "{\"kind\":\"BRACKET\",\"order\":{\"account_id\":\"A1\",\"symbol\":\"" + SYMBOL
                + "\",\"side\":\"BUY\",\"qty\":" + (1 + random.nextInt(5)) + "}" + profit + ",\"stop\":" + stop + "}";
    }

    /** Requests the bracket of {@code key}; a request that was acknowledged before is answered with the same bracket. */
    private void create(Running edge, String key) {
        Answer answer = edge.client().post("/v1/parents", bodies.get(key), key);
        if (answer.ok()) {
            String parent = answer.body().path("parent_id").asString();
            assertThat(parents.merge(key, parent, (before, _) -> before)).isEqualTo(parent);
        } else {
            assertThat(UNDECIDED).as(answer.toString()).contains(answer.code());
        }
    }

    private void repeat(Running edge, String prefix) {
        for (String key : bodies.keySet()) {
            if (!key.startsWith(prefix)) continue;
            Eventually.await(
                    "the bracket " + key,
                    PATIENCE,
                    () -> {
                        create(edge, key);
                        return parents.containsKey(key);
                    },
                    acknowledged -> acknowledged);
        }
    }

    /** Lets the price fall below every stop, again and again, until each bracket has ended. */
    private static void endAll(Running edge, Simulator simulator, long center) {
        var turn = new int[1];
        Eventually.await(
                "every bracket to end",
                PATIENCE,
                () -> {
                    switch (turn[0]++ % 40) {
                        case 0 -> move(simulator, center - 25 * STEP);
                        case 39 -> move(simulator, center);
                        default -> settle(edge);
                    }
                    return parents(edge, "open");
                },
                List::isEmpty);
        move(simulator, center);
        Eventually.await("the price to be back", PATIENCE, () -> price(edge), price -> Math.abs(price - center) < STEP);
    }

    /** An operator's work: releases what is held, and resolves what was in flight at a kill and never arrived. */
    private static void settle(Running edge) {
        for (JsonNode parent : parents(edge, "open")) {
            if (parent.path("status").asString().equals("HELD")) {
                edge.client().post("/v1/parents/" + parent.path("parent_id").asString() + "/release", "{}");
            }
        }
        for (JsonNode order : edge.get("/v1/orders?status=unknown").path("orders")) {
            if (order.path("reason").asString().contains("does not list it")) {
                edge.client()
                        .post(
                                "/v1/orders/" + order.path("order_id").asString() + "/resolve",
                                "{\"decision\":\"NOT_AT_BROKER\"}");
            }
        }
    }

    private void verify(Running edge, BrokerBook book) {
        var ended = parents(edge, "ended");
        assertThat(ended)
                .extracting(parent -> parent.path("parent_id").asString())
                .containsExactlyInAnyOrderElementsOf(parents.values());
        assertThat(Set.copyOf(parents.values()))
                .as("one bracket for each request")
                .hasSameSizeAs(parents.values());

        var booked = book.read();
        Map<Long, BookedOrder> unclaimed =
                booked.orders().stream().collect(Collectors.toMap(BookedOrder::number, order -> order));
        Map<String, JsonNode> orders = new HashMap<>();
        for (JsonNode order : ConsistencyCheck.orders(edge)) {
            orders.put(order.path("order_id").asString(), order);
            var firsts = new HashSet<Long>();
            order.path("kis_order_nos")
                    .forEach(number -> firsts.add(booked.firsts().get(number.asLong())));
            if (firsts.isEmpty()) {
                assertThat(order.path("filled_qty").asLong())
                        .as(order.toString())
                        .isZero();
            } else {
                assertThat(firsts).as("one order at the broker: %s", order).hasSize(1);
                var own = unclaimed.remove(firsts.iterator().next());
                assertThat(own)
                        .as("at the broker, and of no other order: %s", order)
                        .isNotNull();
                assertThat(own.filled())
                        .as(order.toString())
                        .isEqualTo(order.path("filled_qty").asLong());
            }
        }
        assertThat(unclaimed.values())
                .as("orders that the gateways do not know")
                .isEmpty();

        long held = 0;
        int stops = 0;
        for (JsonNode parent : ended) {
            long bought = 0;
            long sold = 0;
            int entries = 0;
            for (JsonNode event :
                    edge.get("/v1/parents/" + parent.path("parent_id").asString() + "/events")) {
                if (!event.path("type").asString().equals("ChildStarted")) continue;
                // A refused order has an id and was never placed.
                var order = Optional.ofNullable(
                        orders.remove(event.at("/data/child").asString()));
                int leg = event.at("/data/leg").asInt();
                long filled = order.map(it -> it.path("filled_qty").asLong()).orElse(0L);
                if (leg == 0) {
                    bought += filled;
                    entries += order.isPresent() ? 1 : 0;
                } else {
                    sold += filled;
                    stops += leg == parent.path("legs").size() - 1 ? 1 : 0;
                }
            }
            assertThat(entries).as("entries of %s", parent).isLessThanOrEqualTo(1);
            assertThat(bought)
                    .as("%s", parent)
                    .isLessThanOrEqualTo(parent.at("/order/qty").asLong());
            assertThat(sold).as("%s", parent).isLessThanOrEqualTo(bought);
            held += bought - sold;
        }
        assertThat(orders).as("orders without a bracket").isEmpty();
        assertThat(stops).as("stops that were placed").isPositive();
        assertThat(book.shares().getOrDefault(SYMBOL, 0L))
                .as("shares at the broker")
                .isEqualTo(held);
    }

    private static List<JsonNode> parents(Running edge, String status) {
        return edge.pages("/v1/parents?limit=200&status=" + status, "parents");
    }

    private static long price(Running edge) {
        var answer = Eventually.await("a quote", PATIENCE, () -> edge.client().get("/v1/quotes/" + SYMBOL), Answer::ok);
        return answer.body().path("price").asLong();
    }

    private static void move(Simulator simulator, long to) {
        var answer = simulator.client().post("/simulator/market", "{\"move\":\"" + SYMBOL + "\",\"to\":" + to + "}");
        assertThat(answer.ok()).as(answer.toString()).isTrue();
    }
}
