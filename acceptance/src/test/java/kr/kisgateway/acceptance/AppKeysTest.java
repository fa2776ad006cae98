package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.gatewayclient.GatewayStream;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.programs.PostgresServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Twenty app keys, the most that a gateway has: as many sockets, which push 800 stocks to the stream of an edge. */
@Tag("slow")
class AppKeysTest {
    private static final int KEYS = 20;
    private static final int SYMBOLS = 800;
    /** Tokens, sockets and registrations of all app keys, on a machine that also runs simulator, database and gateways. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    @Tag("alone")
    void eight_hundred_stocks_are_pushed_by_twenty_app_keys_and_again_after_a_take_over_with_the_same_tokens()
            throws Exception {
        for (var node : List.of("a", "b", "edge")) {
            writeAppKeys(Files.createDirectories(folder.resolve(node)));
        }
        var symbols = Instruments.load().all().stream()
                .map(instrument -> instrument.symbol().code())
                .filter(code -> !code.equals("005930"))
                .limit(SYMBOLS)
                .collect(Collectors.toUnmodifiableSet());
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder, "--ticks", "1", "--activity", "even")) {
            String url = database.newDatabase();
            try (var a = new ClusterNode(folder, "a", simulator, Optional.of(url), Map.of());
                    var edge = new ClusterNode(folder, "edge", simulator, Optional.of(url), ClusterNode.EDGE)) {
                a.awaitReady();
                try (var b = new ClusterNode(folder, "b", simulator, Optional.of(url), Map.of());
                        var stream = edge.running().stream()) {
                    b.awaitOwner("a");
                    var subscribed = Instant.now();
                    stream.send("{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\""
                            + String.join("\",\"", symbols) + "\"],\"id\":\"1\"}");
                    awaitPushed(a.running(), symbols);
                    var pushed = Duration.between(subscribed, Instant.now());
                    awaitEach(stream, "a trade", symbols, message -> message.has("p"));
                    assertThat(tokens(simulator)).isEqualTo(KEYS);
                    assertThat(simulator
                                    .state()
                                    .path("sockets")
                                    .path("releases")
                                    .asInt())
                            .as("slots that statuses had first")
                            .isLessThan(SYMBOLS / 20);

                    var killed = Instant.now();
                    a.running().program().kill();
                    b.awaitReady();
                    var ready = Duration.between(killed, Instant.now());
                    awaitPushed(b.running(), symbols);
                    var pushedAgain = Duration.between(killed, Instant.now());
                    var gaps = awaitEach(
                            stream,
                            "a gap",
                            symbols,
                            message -> message.path("gap").isObject());
                    awaitEach(
                            stream,
                            "a trade after the gap",
                            symbols,
                            message -> message.has("p")
                                    && seq(message) > gaps.get(message.path("s").asString()));
                    assertThat(simulator.state().path("sessions")).hasSize(KEYS);
                    assertThat(tokens(simulator)).as("tokens of both owners").isEqualTo(KEYS);
                    System.out.printf(
                            "%d stocks of %d app keys: pushed %s after their subscription; %s after the kill the next owner"
                                    + " was ready, and %s after it had all again%n",
                            SYMBOLS, KEYS, pushed, ready, pushedAgain);
                }
            }
        }
    }

    private static void writeAppKeys(Path home) throws IOException {
        Files.writeString(
                home.resolve("gateway.yaml"),
                IntStream.rangeClosed(2, KEYS)
                        .mapToObj(n -> """
                                    - id: K%d
                                      app-key: further-app-key-of-this-test-%07d
                                      app-secret: %s
                                """.formatted(n, n, "s".repeat(170) + "%010d".formatted(n)))
                        .collect(Collectors.joining("", "kis:\n  app-keys:\n", "")));
    }

    /** Waits until KIS has confirmed a registration of each of {@code symbols}. */
    private static void awaitPushed(Running owner, Set<String> symbols) {
        Eventually.await(
                "every stock to be pushed",
                PATIENCE,
                () -> owner.get("/v1/session/pool?limit=1000"),
                pool -> pool.path("demand")
                        .valueStream()
                        .filter(demand -> demand.path("reason").asString().equals("DEMAND"))
                        .map(demand -> demand.path("symbol").asString())
                        .collect(Collectors.toSet())
                        .containsAll(symbols));
    }

    private static int tokens(Simulator simulator) {
        return simulator.state().path("calls").path("/oauth2/tokenP").asInt();
    }

    private static long seq(JsonNode message) {
        return message.path("seq").asLong();
    }

    /** Waits until {@code stream} has a message as {@code expected} of each of {@code symbols}, and returns their numbers. */
    private static Map<String, Long> awaitEach(
            GatewayStream stream, String what, Set<String> symbols, Predicate<JsonNode> expected) {
        var missing = new HashSet<>(symbols);
        var numbers = new HashMap<String, Long>();
        while (!missing.isEmpty()) {
            var message = stream.await(
                    what + " of " + missing.size() + " stocks",
                    it -> expected.test(it) && missing.contains(it.path("s").asString("")),
                    PATIENCE);
            missing.remove(message.path("s").asString());
            numbers.put(message.path("s").asString(), seq(message));
        }
        return numbers;
    }
}
