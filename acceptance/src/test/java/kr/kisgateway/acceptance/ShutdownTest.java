package kr.kisgateway.acceptance;

import static kr.kisgateway.acceptance.Programs.SHORT_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.gatewayclient.GatewayStream;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stop and restart. The simulator is a process of its own, so that its state can be queried afterwards. */
@Tag("slow")
class ShutdownTest {
    private static final Duration GRACE = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private Simulator simulator;
    private Running gateway;

    @BeforeEach
    void start() {
        simulator = Programs.simulator(folder);
        gateway = startGateway();
    }

    @AfterEach
    void stop() {
        gateway.close();
        simulator.close();
    }

    private Running startGateway() {
        return Running.start(Programs.gateway(folder, simulator));
    }

    @Test
    @Requirement(value = "G-17", clause = "stop")
    @Requirement(value = "G-06", clause = "releases")
    @Requirement(value = "G-06", clause = "drains")
    @Requirement(value = "G-06", clause = "exit")
    void a_stop_under_load_exits_with_0_releases_registrations_and_loses_nothing() throws Exception {
        assertThat(gateway.program().ready().path("simulator_port").isNull())
                .as("with SIMULATOR_URL no simulator is embedded")
                .isTrue();
        var filled = gateway.placed("stop-filled", "005930", "BUY", 2, Optional.empty());
        gateway.awaitStatus(filled, "FILLED");
        var holdings = gateway.get("/v1/positions?account_id=A1");

        var accepted = Collections.synchronizedMap(new TreeMap<String, String>());
        var running = new AtomicBoolean(true);
        var clients = new ArrayList<Thread>();
        var streams = new ArrayList<GatewayStream>();
        for (var n = 0; n < 3; n++) {
            var stream = gateway.stream();
            streams.add(stream);
            stream.send("{\"op\":\"subscribe\",\"channels\":[\"trades\",\"books\",\"orders\"],\"symbols\":[\"005930\"],"
                    + "\"id\":\"1\"}");
            var name = "stop-" + n + "-";
            clients.add(Thread.ofVirtual().start(() -> placeWhile(running, name, accepted)));
        }
        Eventually.await("some orders", SHORT_TIMEOUT, accepted::size, size -> size > 20);
        assertThat(notices(simulator)).isPositive();

        var code = gateway.program().stop(GRACE);
        running.set(false);
        for (var client : clients) client.join();
        assertThat(code)
                .as("within " + GRACE + ": " + gateway.program().output())
                .hasValue(0);
        streams.forEach(stream -> {
            assertThat(stream.awaitClosed(SHORT_TIMEOUT).code()).isEqualTo(1001);
            stream.close();
        });
        var state = simulator.state();
        assertThat(state.path("sessions")).as(state.toString()).isEmpty();
        assertThat(state.path("sockets").path("releases").longValue())
                .as("releases at the simulator: " + state)
                .isPositive()
                .isEqualTo(state.path("sockets").path("registrations").longValue());
        assertThat(gateway.log())
                .as("each release is answered by the broker")
                .contains("unsubscribed tr_id=H0STCNI0")
                .contains("unsubscribed tr_id=H0STCNT0");

        gateway = startGateway();
        assertThat(gateway.order(filled).path("status").asString()).isEqualTo("FILLED");
        assertThat(quantity(gateway.get("/v1/positions?account_id=A1"))).isGreaterThanOrEqualTo(quantity(holdings));
        assertThat(accepted).isNotEmpty();
        accepted.forEach((key, id) -> {
            var replayed = gateway.client().post("/v1/orders", Programs.restingOrder(key), key);
            assertThat(replayed.status()).as(key + ": " + replayed).isEqualTo(200);
            assertThat(replayed.body().path("order_id").asString()).isEqualTo(id);
            assertThat(replayed.header("Idempotent-Replay")).contains("true");
        });
        accepted.values()
                .forEach(id -> Eventually.await(
                        "order " + id + " to be settled",
                        SHORT_TIMEOUT,
                        () -> gateway.order(id).path("status").asString(),
                        status -> List.of("SENT", "FILLED", "PARTIAL_FILLED", "EXPIRED")
                                .contains(status)));
    }

    @Test
    @Requirement(value = "G-06", clause = "second")
    void an_order_in_flight_at_the_stop_receives_its_answer_and_a_second_signal_exits_at_once() {
        simulator.fault("{\"late_answers\":1,\"late_answer_ms\":8000}");
        var id = gateway.placed("stop-late", "005930", "BUY", 1, Optional.empty());
        // Not earlier: an order that never reached the broker stays UNKNOWN, and rightly.
        Eventually.await(
                "the order to be at the broker",
                SHORT_TIMEOUT,
                simulator::state,
                state -> !state.path("orders_received").isEmpty());
        gateway.program().terminate();
        gateway.program().awaitLine("its goodbye", line -> line.contains("Stopping."), SHORT_TIMEOUT);
        gateway.program().terminate();
        assertThat(gateway.program().awaitExit(Duration.ofSeconds(5))).hasValue(128 + 15);

        gateway = startGateway();
        var order = gateway.awaitStatus(id, "FILLED");
        assertThat(order.path("filled_qty").longValue()).isEqualTo(1);
        assertThat(order.path("fills")).hasSize(1);
    }

    private void placeWhile(AtomicBoolean running, String name, java.util.Map<String, String> accepted) {
        for (var i = 0; running.get(); i++) {
            var key = name + i;
            try {
                var answer = gateway.client().post("/v1/orders", Programs.restingOrder(key), key);
                if (answer.ok())
                    accepted.put(key, answer.body().path("order_id").asString());
            } catch (GatewayException e) {
                return; // the gateway has stopped
            }
        }
    }

    private static long quantity(tools.jackson.databind.JsonNode positions) {
        return positions.valueStream().mapToLong(p -> p.path("qty").longValue()).sum();
    }

    private static long notices(Simulator simulator) {
        return simulator.state().path("sockets").path("notices").longValue();
    }
}
