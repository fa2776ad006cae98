package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
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

/** {@code doctor --live-order} at paper trading: what ends in NO-GO, what is left then, and the way back to reading only. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class PaperWalkTest {
    private static final String SAMSUNG = "005930";
    private static final String WORDS = "place 1 share of 005930 on account A1";

    private Path folder;
    private KisSimulator broker;
    private RunningGateway paper;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        var config = SimulatorConfig.defaults(temporary.resolve("kis.db"))
                .withFace(Face.PAPER)
                .withTime(new OpenCalendar(), InstantSource.system());
        broker = KisSimulator.start(config);
        paper = RunningGateway.startPaper(home(), broker);
    }

    private Path home() throws IOException {
        return Files.createDirectories(folder.resolve("gateway"));
    }

    @AfterAll
    void stop() {
        paper.close();
        broker.close();
    }

    private Shell shell(String url, String name) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        return Shell.with(Map.of("GATEWAY_URL", url, "GATEWAY_OPERATOR_TOKEN", RunningGateway.TOKEN), own);
    }

    private JsonNode evidence(String name) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(file(name, "live-order")));
    }

    private Path file(String name, String beginning) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            return files.filter(it -> it.getFileName().toString().startsWith(beginning))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static JsonNode limits(Shell shell) {
        return shell.run("limits", "--json").json().path("gateway");
    }

    private static List<JsonNode> orders(Shell shell) {
        return shell.run("orders", "list", "--limit", "1000", "--json")
                .json()
                .path("orders")
                .valueStream()
                .toList();
    }

    private static String orderId(Shell.Result walk) {
        return walk.err()
                .lines()
                .filter(line -> line.contains("placed: ord_"))
                .map(line -> line.substring(line.indexOf("ord_")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing was placed: " + walk));
    }

    @Test
    void an_order_whose_answer_is_lost_is_found_in_the_list_and_cancelled() throws Exception {
        Shell shell = shell(paper.url(), "lost-answer");
        JsonNode before = limits(shell);
        paper.setFaults("{\"lose_answers\":1}");
        var walk = shell.typing(WORDS).run("live-order", SAMSUNG);
        assertThat(walk.code()).as(walk.toString()).isZero();
        assertThat(paper.order(orderId(walk)).path("status").asString()).isEqualTo("CANCELED");
        assertThat(limits(shell)).isEqualTo(before);
    }

    @Test
    void an_order_that_the_exchange_rejects_is_no_go_with_nothing_open_and_the_limits_as_before() throws Exception {
        Shell shell = shell(paper.url(), "rejected");
        JsonNode before = limits(shell);
        paper.setFaults("{\"reject_by_exchange\":1}");
        var walk = shell.typing(WORDS).run("live-order", SAMSUNG);
        assertThat(walk.code()).isEqualTo(Kis.REFUSED);
        assertThat(walk.out()).startsWith("NO-GO. ");
        assertThat(walk.err())
                .contains("it is REJECTED", "nothing of it is open", "passed   limits restored")
                .doesNotContain("cancel requested");
        assertThat(evidence("rejected").path("result").asString()).isEqualTo("NO-GO");
        assertThat(limits(shell)).isEqualTo(before);
    }

    @Test
    void an_account_that_kis_has_blocked_is_no_go_and_nothing_is_open() throws Exception {
        Shell shell = shell(paper.url(), "blocked");
        JsonNode before = limits(shell);
        paper.setFaults("{\"refuse_orders\":1}");
        var walk = shell.typing(WORDS).run("live-order", SAMSUNG);
        assertThat(walk.out()).startsWith("NO-GO. ");
        assertThat(walk.err()).contains("NOT YET  seen at KIS: it is REJECTED", "nothing of it is open");
        assertThat(limits(shell)).isEqualTo(before);
    }

    @Test
    void limits_that_were_forced_without_an_answer_are_restored() throws Exception {
        Shell direct = shell(paper.url(), "direct");
        JsonNode before = limits(direct);
        int placed = orders(direct).size();
        try (var line = LossyProxy.losing(paper.baseUri(), request -> request.startsWith("PUT /v1/risk/limits"), 1)) {
            var walk = shell(line.url(), "limits-unanswered").typing(WORDS).run("live-order", SAMSUNG);
            assertThat(walk.out()).startsWith("NO-GO. ");
            assertThat(walk.err()).contains("NOT YET  limits: ", "passed   limits restored");
        }
        assertThat(limits(direct)).isEqualTo(before);
        assertThat(orders(direct)).hasSize(placed);
    }

    @Test
    void limits_whose_restoration_got_no_answer_are_read_and_the_walk_is_go() throws Exception {
        Shell direct = shell(paper.url(), "direct");
        JsonNode before = limits(direct);
        var changes = new AtomicInteger();
        try (var line = LossyProxy.losing(
                paper.baseUri(),
                request -> request.startsWith("PUT /v1/risk/limits") && changes.incrementAndGet() == 2,
                1)) {
            var walk = shell(line.url(), "restoration-unanswered").typing(WORDS).run("live-order", SAMSUNG);
            assertThat(walk.code()).as(walk.toString()).isZero();
            assertThat(walk.err()).contains("passed   limits restored");
        }
        assertThat(changes).hasValue(2);
        assertThat(limits(direct)).isEqualTo(before);
    }

    @Test
    void an_order_whose_acceptance_got_no_answer_is_reported_as_possibly_placed() throws Exception {
        Shell direct = shell(paper.url(), "direct");
        JsonNode before = limits(direct);
        int placed = orders(direct).size();
        try (var line = LossyProxy.losing(
                paper.baseUri(),
                request -> request.startsWith("POST /v1/orders {") && !request.contains("\"dry_run\":true"),
                Integer.MAX_VALUE)) {
            var walk = shell(line.url(), "order-unanswered").typing(WORDS).run("live-order", SAMSUNG);
            assertThat(walk.out()).startsWith("NO-GO. ");
            assertThat(walk.err()).contains("NOT YET  placed: ", "it may have been placed: ./kis orders list");
        }
        assertThat(limits(direct)).isEqualTo(before);
        List<JsonNode> now = orders(direct);
        assertThat(now).as("one order under one key, however often it was sent").hasSize(placed + 1);
        String left = now.getFirst().path("order_id").asString();
        paper.awaitStatus(left, "SENT");
        assertThat(direct.run("cancel", left, "--yes").code()).isZero();
        paper.awaitStatus(left, "CANCELED");
    }

    @Test
    void evidence_that_cannot_be_written_ends_the_walk_before_it_begins() throws Exception {
        Shell shell = shell(paper.url(), "no-folder");
        int placed = orders(shell).size();
        var walk = shell.typing(WORDS).run("live-order", SAMSUNG, "--evidence", "missing/evidence.json");
        assertThat(walk.code()).isEqualTo(2);
        assertThat(walk.err()).contains("cannot be written");
        assertThat(orders(shell)).hasSize(placed);
    }

    @Test
    @Requirement(value = "G-18", clause = "rollback")
    void after_the_walk_the_kill_switch_and_then_the_setting_stop_orders_and_another_walk() throws Exception {
        Shell shell = shell(paper.url(), "way-back");
        assertThat(shell.typing(WORDS).run("live-order", SAMSUNG).code()).isZero();
        assertThat(shell.run("kill-switch", "on", "--reason", "back to reading").code())
                .isZero();
        try {
            var walk = shell.typing(WORDS).run("live-order", SAMSUNG);
            assertThat(walk.out()).startsWith("NO-GO. ");
            assertThat(walk.err()).contains("NOT YET  kill switch");
        } finally {
            shell.run("kill-switch", "off");
        }
        paper.close();
        try {
            try (var readOnly = RunningGateway.startPaper(home(), broker, "--gateway-read-only=true")) {
                Shell after = shell(readOnly.url(), "read-only");
                JsonNode limits = limits(after);
                var walk = after.typing(WORDS).run("live-order", SAMSUNG);
                assertThat(walk.out()).startsWith("NO-GO. ");
                assertThat(walk.err()).contains("NOT YET  preview: READ_ONLY");
                assertThat(evidence("read-only").path("result").asString()).isEqualTo("NO-GO");
                assertThat(limits(after)).isEqualTo(limits);
                assertThat(after.run("positions").code()).isZero();
                assertThat(after.run("orders", "list").code()).isZero();
            }
        } finally {
            paper = RunningGateway.startPaper(home(), broker);
        }
    }
}
