package kr.kisgateway.acceptance;

import static kr.kisgateway.acceptance.Programs.SHORT_TIMEOUT;
import static kr.kisgateway.acceptance.Programs.START_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.programs.LocalProgram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code ./kis run --replace} while programs trade: the gateway that runs stops gracefully, the new one continues its work. */
@Tag("slow")
class UpgradeTest {
    /** Longest time for which a program repeats an order; alone on a machine it is a second and a half. */
    private static final Duration LONGEST_REFUSAL = Duration.ofSeconds(2);

    private static final int CLIENTS = 2;

    @TempDir
    private Path folder;

    private Simulator simulator;
    private Launch launch;
    private URI address;
    private Running running;
    private long startNanos;

    @BeforeEach
    void start() throws IOException {
        simulator = Programs.simulator(folder);
        int port = FreePort.find();
        address = URI.create("http://127.0.0.1:" + port);
        launch = Programs.gateway(folder, simulator)
                .withEnvironment("GATEWAY_PORT", Integer.toString(port))
                .withEnvironment("KIS_FACE_PORT", "0");
        long from = System.nanoTime();
        running = Running.start(launch);
        startNanos = System.nanoTime() - from;
    }

    @AfterEach
    void stop() {
        running.close();
        simulator.close();
    }

    @Test
    @Tag("alone")
    void orders_are_refused_for_two_seconds_at_most_and_none_is_lost_or_doubled() throws Exception {
        Map<String, String> accepted = new ConcurrentSkipListMap<>();
        var longest = new AtomicLong();
        var trading = new AtomicBoolean(true);
        var clients = new ArrayList<Thread>();
        for (int n = 0; n < CLIENTS; n++) {
            String name = "upgrade-" + n + "-";
            clients.add(Thread.ofVirtual().start(() -> placeWhile(trading, name, accepted, longest)));
        }
        Eventually.await("some orders", SHORT_TIMEOUT, accepted::size, size -> size > 5);

        // A machine that does other things at the moment is slower: one of three times is enough.
        long fastest = Long.MAX_VALUE;
        long limit =
                Math.max(LONGEST_REFUSAL.toNanos(), 2 * startNanos); // a slow machine takes longer for a start, too
        for (int times = 0; times < 3 && fastest >= limit; times++) {
            longest.set(0);
            try (var predecessor = running) {
                running = Running.startUnready(launch.withArguments("--replace"));
                assertThat(predecessor.program().awaitExit(SHORT_TIMEOUT))
                        .as("exit code of the one before")
                        .hasValue(0);
                assertThat(running.program().output())
                        .contains("Stopping the gateway that runs (process "
                                + predecessor.program().pid() + ").");
            }
            int before = accepted.size();
            Eventually.await("orders at the new one", SHORT_TIMEOUT, accepted::size, size -> size > before + 5);
            fastest = Math.min(fastest, longest.get());
        }
        trading.set(false);
        for (var client : clients) {
            client.join();
        }

        accepted.forEach((key, id) -> {
            var replayed = running.client().post("/v1/orders", Programs.restingOrder(key), key);
            assertThat(replayed.body().path("order_id").asString()).as(key).isEqualTo(id);
            running.awaitStatus(id, "SENT", "PARTIAL_FILLED", "FILLED");
        });
        assertThat(simulator
                        .state()
                        .path("orders_received")
                        .valueStream()
                        .mapToLong(JsonNode::longValue)
                        .sum())
                .as("orders at the broker")
                .isEqualTo(accepted.size());
        assertThat(Duration.ofNanos(fastest))
                .as("from the first attempt of an order to its acceptance, the longest of a replacement")
                .isLessThan(Duration.ofNanos(limit));
    }

    @Test
    void without_a_gateway_that_runs_it_is_a_start() {
        assertThat(running.program().stop(START_TIMEOUT)).hasValue(0);
        try (var started = LocalProgram.start(launch.withArguments("--replace"), START_TIMEOUT)) {
            assertThat(started.output()).noneMatch(line -> line.contains("Stopping"));
        }
    }

    @Test
    void one_with_settings_that_are_wrong_stops_nothing() {
        var wrong = launch.withArguments("--replace", "--risk-max-qty=many");
        try (var refused = LocalProgram.startWithoutWaiting(wrong)) {
            assertThat(refused.awaitExit(START_TIMEOUT)).hasValue(2);
            assertThat(refused.output()).anyMatch(line -> line.contains("RISK_MAX_QTY"));
        }
        assertThat(running.program().alive()).isTrue();
        assertThat(running.place("after", "005930", "BUY", 1, Optional.empty()).ok())
                .isTrue();
    }

    /** Places orders one after the other, and repeats each with its key until it is accepted. */
    private void placeWhile(AtomicBoolean trading, String name, Map<String, String> accepted, AtomicLong longest) {
        try (var client = GatewayClient.at(address, START_TIMEOUT)) {
            for (int i = 0; trading.get(); i++) {
                String key = name + i;
                long from = System.nanoTime();
                while (!isAccepted(client, key, accepted)) {
                    TimeUnit.MILLISECONDS.sleep(20);
                }
                long took = System.nanoTime() - from;
                longest.accumulateAndGet(took, Math::max);
                TimeUnit.MILLISECONDS.sleep(500); // few enough that none waits for the broker's rate
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isAccepted(GatewayClient client, String key, Map<String, String> accepted) {
        try {
            var answer = client.post("/v1/orders", Programs.restingOrder(key), key);
            if (answer.ok()) {
                accepted.put(key, answer.body().path("order_id").asString());
            }
            return answer.ok();
        } catch (GatewayException e) {
            return false; // the one has stopped, the other has not begun
        }
    }
}
