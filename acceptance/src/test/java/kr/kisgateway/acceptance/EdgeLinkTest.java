package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.function.Supplier;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.programs.PostgresServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The network between the owner and an edge loses what it carries and closes no connection, while both reach the database. */
@Tag("slow")
class EdgeLinkTest {
    private static final Duration PATIENCE = ClusterNode.PATIENCE;
    /** Until the feed is noticed as silent, and the eight seconds that calls wait for an owner, on a machine that does everything. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    /** Of calls that do not wait, when the edge has noticed. */
    private static final Duration AT_ONCE = Duration.ofSeconds(7);

    private static final Set<String> RETRYABLE = Set.of("NO_OWNER", "OWNER_UNAVAILABLE");
    private static final String SYMBOL = "005930";
    /** Of which no caller asked at the edge. */
    private static final String OTHER_SYMBOL = "000660";

    @TempDir
    Path folder;

    private record Timed<T>(T value, Duration took) {
        static <T> Timed<T> of(Supplier<T> call) {
            long from = System.nanoTime();
            T value = call.get();
            return new Timed<>(value, Duration.ofNanos(System.nanoTime() - from));
        }

        T within(Duration limit, String what) {
            System.out.println("edge link: " + what + ", ms: " + took.toMillis());
            assertThat(took).as(what + ": " + value).isLessThan(limit);
            return value;
        }
    }

    private ClusterNode owner(Simulator simulator, String database, int port, NetworkRelay network) throws IOException {
        return new ClusterNode(
                folder,
                "a",
                simulator,
                Optional.of(database),
                Map.of(
                        "GATEWAY_PORT",
                        Integer.toString(port),
                        "CLUSTER_ADDRESS",
                        "http://127.0.0.1:" + network.port()));
    }

    @Test
    void an_edge_without_its_network_to_the_owner_refuses_calls_in_time_and_goes_on_with_a_gap_when_it_is_back()
            throws Exception {
        int port = FreePort.find();
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder, "--ticks", "20");
                var book = new BrokerBook(simulator.url(), ClusterNode.ACCOUNT);
                var network = NetworkRelay.to(port);
                var calls = Executors.newVirtualThreadPerTaskExecutor()) {
            String url = database.newDatabase();
            try (var a = owner(simulator, url, port, network);
                    var edge = new ClusterNode(folder, "edge", simulator, Optional.of(url), ClusterNode.EDGE)) {
                a.awaitReady();
                edge.awaitOwner("a");
                String before = edge.running().placed("before", "003490", "BUY", 1, Optional.of(19_000L));
                a.running().awaitStatus(before, "SENT");
                awaitHealthy(edge);
                try (var stream = edge.running().stream()) {
                    stream.send("{\"op\":\"subscribe\",\"channels\":[\"trades\",\"orders\"],\"symbols\":[\"" + SYMBOL
                            + "\"],\"id\":\"1\"}");
                    long seen = seq(stream.await("a trade", EdgeLinkTest::isTrade, PATIENCE));

                    network.cut();
                    var known = timed(calls, () -> quote(edge, SYMBOL));
                    var unknown = timed(calls, () -> quote(edge, OTHER_SYMBOL));
                    var first = timed(calls, () -> place(edge, "first", 2));
                    String direct = a.running().placed("direct", "003490", "BUY", 3, Optional.of(19_100L));
                    Timed.of(() -> stream.await("the order of the owner", isSent(direct), PATIENCE))
                            .within(ANSWER_LIMIT, "an order of the owner in the edge's stream");
                    requireStale(known.get().within(ANSWER_LIMIT, "the quote that was asked before"));
                    requireNoOwner(unknown.get().within(ANSWER_LIMIT, "the quote that was not asked before"));
                    requireRetryable(first.get().within(ANSWER_LIMIT, "an order at the time of the cut"));

                    // From here on the edge knows.
                    var later = timed(calls, () -> place(edge, "later", 4));
                    requireStale(Timed.of(() -> quote(edge, SYMBOL)).within(AT_ONCE, "the same quote again"));
                    requireNoOwner(Timed.of(() -> quote(edge, OTHER_SYMBOL)).within(AT_ONCE, "the other quote again"));
                    assertThat(Timed.of(() -> edge.running().client().get("/health/ready"))
                                    .within(AT_ONCE, "whether a call at the edge can trade")
                                    .status())
                            .isEqualTo(503);
                    requireNoOwner(later.get().within(ANSWER_LIMIT, "an order when the edge has noticed"));
                    assertThat(edge.owner()).as("the owner lives").isEqualTo("a");

                    network.mend();
                    var gap = Timed.of(() ->
                                    stream.await("the gap", m -> m.path("gap").isObject() && seq(m) > seen, PATIENCE))
                            .within(ANSWER_LIMIT, "the gap when the network is back");
                    assertThat(gap.path("s").asString()).isEqualTo(SYMBOL);
                    assertThat(gap.path("gap").path("cause").asString()).isEqualTo("RECONNECT");
                    Timed.of(() -> stream.await(
                                    "a trade after the gap", m -> isTrade(m) && seq(m) > seq(gap), PATIENCE))
                            .within(ANSWER_LIMIT, "a trade after the gap");
                    String firstId = repeated(edge, "first", 2);
                    String laterId = repeated(edge, "later", 4);
                    awaitHealthy(edge);

                    for (String id : List.of(firstId, laterId)) {
                        a.running().awaitStatus(id, "SENT");
                        stream.await("the repeated order", isSent(id), PATIENCE);
                    }
                    assertThat(repeated(edge, "first", 2)).isEqualTo(firstId);
                    assertThat(repeated(a, "later", 4)).isEqualTo(laterId);
                    assertThat(a.running().get("/v1/orders?limit=100").path("orders"))
                            .extracting(order -> order.path("order_id").asString())
                            .containsExactlyInAnyOrder(before, direct, firstId, laterId);
                    assertThat(book.read().orders())
                            .extracting(order -> order.fingerprint().qty())
                            .containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
                }
            }
        }
    }

    @Test
    void an_order_on_a_connection_that_was_lost_silently_is_in_doubt_in_time_and_the_next_calls_use_new_connections()
            throws Exception {
        int port = FreePort.find();
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder);
                var book = new BrokerBook(simulator.url(), ClusterNode.ACCOUNT);
                var network = NetworkRelay.to(port)) {
            String url = database.newDatabase();
            try (var a = owner(simulator, url, port, network);
                    var edge = new ClusterNode(folder, "edge", simulator, Optional.of(url), ClusterNode.EDGE)) {
                a.awaitReady();
                edge.awaitOwner("a");
                awaitHealthy(edge);
                network.loseOpen();
                var order =
                        Timed.of(() -> place(edge, "lost", 2)).within(ANSWER_LIMIT, "an order on a lost connection");
                assertThat(order.status()).as(order.toString()).isEqualTo(503);
                assertThat(order.code()).isEqualTo("OWNER_UNAVAILABLE");
                String id = Timed.of(() -> repeated(edge, "lost", 2)).within(ANSWER_LIMIT, "the same order again");
                a.running().awaitStatus(id, "SENT");
                assertThat(book.read().orders()).hasSize(1);
                awaitHealthy(edge);
            }
        }
    }

    private static void awaitHealthy(ClusterNode edge) {
        Eventually.await(
                "a quote of now",
                PATIENCE,
                () -> quote(edge, SYMBOL).body().path("state").asString(),
                "HEALTHY"::equals);
    }

    private static long seq(JsonNode message) {
        return message.path("seq").asLong();
    }

    private static <T> Future<Timed<T>> timed(ExecutorService calls, Supplier<T> call) {
        return calls.submit(() -> Timed.of(call));
    }

    private static Answer quote(ClusterNode node, String symbol) {
        return node.running().client().get("/v1/quotes/" + symbol);
    }

    private static Answer place(ClusterNode node, String key, long qty) {
        return node.running().place(key, "003490", "BUY", qty, Optional.of(19_000L));
    }

    /** The id of an order that is repeated under its key until it has one. */
    private static String repeated(ClusterNode node, String key, long qty) {
        return Eventually.await("the order " + key, PATIENCE, () -> place(node, key, qty), Answer::ok)
                .body()
                .path("order_id")
                .asString();
    }

    private static void requireStale(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.body().path("state").asString()).isEqualTo("STALE");
        assertThat(answer.body().path("source").asString()).isEqualTo("cache");
    }

    private static void requireNoOwner(Answer answer) {
        requireRetryable(answer);
        assertThat(answer.code()).isEqualTo("NO_OWNER");
    }

    private static void requireRetryable(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
        assertThat(RETRYABLE).contains(answer.code());
        assertThat(answer.body().path("retryable").asBoolean())
                .as(answer.toString())
                .isTrue();
    }

    private static boolean isTrade(JsonNode message) {
        return message.has("p") && !message.has("snapshot");
    }

    private static Predicate<JsonNode> isSent(String order) {
        return message -> message.path("ch").asString("").equals("orders")
                && message.path("order_id").asString("").equals(order)
                && message.path("status").asString("").equals("SENT");
    }
}
