package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.simulator.catalog.Face;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code doctor --live-order}: the walk before the first live orders. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class LiveOrderTest {
    private static final String SAMSUNG = "005930";
    private static final String WORDS = "place 1 share of 005930 on account A1";

    private RunningGateway broker;
    private Path folder;

    @BeforeAll
    void start(@TempDir Path temporary) {
        folder = temporary;
        broker = RunningGateway.start(temporary);
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    private Shell shell(RunningGateway gateway, String name) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        return Shell.with(Map.of("GATEWAY_URL", gateway.url(), "GATEWAY_OPERATOR_TOKEN", RunningGateway.TOKEN), own);
    }

    private static JsonNode limits(Shell shell) {
        JsonNode limits = shell.run("limits", "--json").json();
        return JsonMapper.shared().createObjectNode().set("gateway", limits.path("gateway"));
    }

    private JsonNode evidence(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            Path file = files.filter(it -> it.getFileName().toString().startsWith("live-order"))
                    .findFirst()
                    .orElseThrow();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            return JsonMapper.shared().readTree(Files.readString(file));
        }
    }

    private static List<String> passed(JsonNode evidence) {
        return evidence.path("steps")
                .valueStream()
                .filter(step -> step.path("passed").asBoolean())
                .map(step -> step.path("step").asString())
                .toList();
    }

    private static int orders(Shell shell) {
        return shell.run("orders", "list", "--limit", "1000", "--json")
                .json()
                .path("orders")
                .size();
    }

    @Test
    @Requirement(value = "G-18", clause = "checklist")
    @Requirement(value = "G-18", clause = "evidence")
    void one_share_is_placed_live_seen_and_cancelled_under_forced_limits_with_evidence_and_go() throws Exception {
        Path home = folder.resolve("live");
        String key = RunningGateway.createKey(
                Files.createDirectories(home.resolve("data").resolve("live")));
        try (var live = RunningGateway.startLive(home, broker)) {
            Shell shell = Shell.with(
                    Map.of(
                            "GATEWAY_URL",
                            live.url(),
                            "GATEWAY_OPERATOR_TOKEN",
                            RunningGateway.TOKEN,
                            "GATEWAY_API_KEY",
                            key),
                    Files.createDirectories(folder.resolve("live-operator")));
            JsonNode before = RunningGateway.awaitValue(
                    () -> limits(shell), it -> it.path("gateway").has("max_qty"));

            var walk = shell.typing(WORDS).run("live-order", SAMSUNG);

            assertThat(walk.code()).as(walk.toString()).isZero();
            assertThat(walk.err()).contains("LIVE: this trades real money").doesNotContain("NOT YET");
            assertThat(walk.out()).startsWith("GO. ").contains("GATEWAY_READ_ONLY=true");
            JsonNode evidence = evidence("live-operator");
            assertThat(evidence.path("result").asString()).isEqualTo("GO");
            assertThat(passed(evidence))
                    .containsExactly(
                            "kill switch",
                            "price",
                            "environment",
                            "preview",
                            "approval",
                            "limits",
                            "dry run",
                            "placed",
                            "seen at KIS",
                            "cancelled",
                            "reconciled",
                            "limits restored");
            JsonNode order = shell.run("orders", "list", "--json").json().at("/orders/0");
            assertThat(order.path("status").asString()).isEqualTo("CANCELED");
            assertThat(order.path("qty").asLong()).isEqualTo(1);
            assertThat(evidence.toString())
                    .doesNotContain("50001234")
                    .doesNotContain(order.path("kis_order_no").asString())
                    .contains("*******" + order.path("kis_order_no").asString().substring(7));
            assertThat(limits(shell)).isEqualTo(before);
        }
    }

    @Test
    void the_same_walk_goes_at_paper_trading_with_its_one_call_a_second() throws Exception {
        Path home = Files.createDirectories(folder.resolve("paper"));
        var config = SimulatorConfig.defaults(home.resolve("kis.db"))
                .withFace(Face.PAPER)
                .withTime(new OpenCalendar(), InstantSource.system());
        try (var broker = KisSimulator.start(config);
                var paper = RunningGateway.startPaper(home, broker)) {
            Shell shell = shell(paper, "paper-operator");
            var walk = shell.typing(WORDS).run("live-order", SAMSUNG);
            assertThat(walk.code()).as(walk.toString()).isZero();
            assertThat(walk.out()).startsWith("GO. ");
            assertThat(walk.err()).contains("environment: mock").doesNotContain("NOT YET", "LIVE");
            JsonNode evidence = evidence("paper-operator");
            assertThat(evidence.path("result").asString()).isEqualTo("GO");
            assertThat(passed(evidence)).contains("dry run", "placed", "seen at KIS", "cancelled", "reconciled");
            assertThat(evidence.toString()).doesNotContain("50001235");
        }
    }

    @Test
    void without_the_typed_words_nothing_is_placed_and_no_limit_is_changed() throws Exception {
        Shell shell = shell(broker, "unwilling");
        JsonNode before = limits(shell);
        int orders = orders(shell);
        for (Shell each : List.of(shell.typing("yes"), shell)) {
            var walk = each.run("live-order", SAMSUNG);
            assertThat(walk.code()).isEqualTo(Kis.REFUSED);
            assertThat(walk.out()).startsWith("NO-GO. ");
            assertThat(walk.err()).contains("NOT YET  approval");
        }
        assertThat(limits(shell)).isEqualTo(before);
        assertThat(orders(shell)).isEqualTo(orders);
        assertThat(evidence("unwilling").path("result").asString()).isEqualTo("NO-GO");
    }

    @Test
    void the_kill_switch_ends_the_walk_before_anything_is_done() throws Exception {
        Shell shell = shell(broker, "killed");
        shell.run("kill-switch", "on", "--reason", "test");
        try {
            var walk = shell.run("live-order", SAMSUNG, "--approve", WORDS);
            assertThat(walk.code()).isEqualTo(Kis.REFUSED);
            assertThat(walk.err()).contains("NOT YET  kill switch").contains("kill-switch off");
        } finally {
            shell.run("kill-switch", "off");
        }
    }

    @Test
    void the_limits_of_the_walk_are_in_force_while_it_goes_on_and_restored_when_it_fails() throws Exception {
        Shell shell = shell(broker, "failing");
        JsonNode before = limits(shell);
        broker.setFaults("{\"reject_by_exchange\":1}");
        var walk = shell.typing("").run("live-order", SAMSUNG, "--approve", WORDS);
        assertThat(walk.out()).as(walk.toString()).startsWith("NO-GO. ");
        assertThat(walk.err()).contains("NOT YET  ").contains("it is REJECTED").contains("passed   limits restored");
        assertThat(limits(shell)).isEqualTo(before);
    }

    @Test
    void a_symbol_that_does_not_exist_is_a_refusal_with_its_code() throws Exception {
        var walk = shell(broker, "unknown").run("live-order", "999999", "--approve", WORDS);
        assertThat(walk.code()).isEqualTo(Kis.REFUSED);
        assertThat(walk.err()).contains("SYMBOL_NOT_FOUND");
    }
}
