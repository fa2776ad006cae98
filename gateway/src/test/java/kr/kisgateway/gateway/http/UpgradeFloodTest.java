package kr.kisgateway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class UpgradeFloodTest {
    private HttpEdge edge;
    private KisSimulator simulator;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() {
        var table = new RouteTable()
                .getWithoutKey(
                        "/open",
                        call -> call.answer(new JsonBuffer().beginObject().endObject()))
                .socket(Role.QUOTE, "/stream", new SocketHandler() {
                    @Override
                    public Optional<Refusal> refusalFor(Caller caller) {
                        return Optional.empty();
                    }

                    @Override
                    public String subprotocol() {
                        return "quotes.v1";
                    }

                    @Override
                    public SocketListener opened(SocketConnection connection, Caller caller) {
                        throw new IllegalStateException("none of these requests has a key");
                    }
                });
        edge = HttpEdge.start(
                EdgeSettings.defaults("127.0.0.1", 0),
                table,
                (knock, needed) -> {
                    throw new RefusedException(Refusal.of(ErrorCode.UNAUTHENTICATED, "a key is needed"));
                },
                new TraceIds(1),
                new ThreadTaskRunner());
        // A port for REST alone refuses every upgrade.
        simulator = KisSimulator.start(
                SimulatorConfig.defaults(folder.resolve("simulator.db")).withSocketPort(0));
    }

    @AfterEach
    void stop() {
        simulator.close();
        edge.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "simulator"})
    void fifty_thousand_refused_upgrades_leave_heap_and_threads_unchanged(String listener) throws Exception {
        flood(listener, 50_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "simulator"})
    @Tag("long")
    void a_million_refused_upgrades_leave_heap_and_threads_unchanged(String listener) throws Exception {
        flood(listener, 1_000_000);
    }

    private void flood(String listener, int count) throws Exception {
        var upgrades = listener.equals("gateway")
                ? new RefusedUpgrades(edge.port(), List.of("/stream", "/open", "/no/such/path"))
                : new RefusedUpgrades(simulator.port(), List.of("/", "/tryitout/H0STCNT0", "/simulator/state"));
        upgrades.send(2_000);
        var before = RefusedUpgrades.Footprint.now();

        upgrades.send(count);

        assertThat(upgrades.cookies()).as("Set-Cookie headers").isZero();
        assertThat(upgrades.statuses())
                .as("answers to refused upgrades")
                .isNotEmpty()
                .allMatch(status -> status >= 400 && status < 500);
        RefusedUpgrades.Footprint.now().assertNotAbove(before);
    }
}
