package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.simulator.broker.Scenario;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./kis incident report} about days on which KIS really fails, beside the running gateway and after a kill. */
@Tag("slow")
class IncidentReportTest {
    private static final String BREAKER = "Circuit breaker opens";
    private static final String FALLBACK = "Fallback prices are in use";
    private static final String CAUSE = "Cause is named";
    private static final String CONTINUITY = "Orders are possible again";
    private static final String NOTICE = "A person is notified";
    private static final String PASS = "pass (통과)";
    private static final String FAIL = "FAIL (초과)";
    private static final String NOT_OBSERVED = "not observed (관측되지 않음)";
    private static final int THRESHOLD = 3;
    private static final String DISCONNECT = "{\"half_open_sockets\":true,\"drop_sockets\":true}";
    private static final String CANO = "50001234";

    @TempDir
    Path folder;

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private AlertReceiver receiver;
    private Optional<KisSimulator> simulator = Optional.empty();
    private Optional<GatewayFixture> started = Optional.empty();
    private int orders;

    @BeforeEach
    void receive() throws IOException {
        receiver = new AlertReceiver();
        Files.writeString(folder.resolve("alerts.yaml"), """
                language: en
                dedupe: 0s
                channels: {desk: {type: webhook, url: BASE/desk, key: planted-channel-key}}
                routes: [{levels: [P1, P2], to: [desk]}]
                """.replace(
                        "BASE", receiver.base().toString()));
    }

    @AfterEach
    void stop() {
        started.ifPresent(GatewayFixture::close);
        simulator.ifPresent(KisSimulator::close);
        receiver.close();
    }

    private record Result(int code, String out, String err) {}

    private Result command(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = new Main(new CommandEnvironment(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new BufferedReader(Reader.nullReader()),
                        this::now,
                        Map.of("KIS_COLUMNS", "400"),
                        folder,
                        folder.resolve("home")))
                .run(Stream.concat(Stream.of("incident", "report"), Stream.of(arguments))
                        .toList());
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Instant now() {
        return InstantSource.system().instant().plus(ahead.get());
    }

    /** The page since {@code from}. */
    private String report(Instant from) {
        var result = command("--from", from.toString());
        assertThat(result.code()).as(result.err()).isZero();
        return result.out();
    }

    /** Cells of the row of a step. */
    private static List<String> row(String page, String step) {
        return page.lines()
                .filter(line -> line.startsWith("| " + step))
                .map(line -> List.of(line.substring(2).split(" \\| ")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row " + step + " in\n" + page));
    }

    private static String verdict(String page, String step) {
        return row(page, step).get(4);
    }

    private void awaitVerdict(Instant from, String step, String verdict) {
        Await.until(step + ": " + verdict, () -> verdict(report(from), step).equals(verdict));
    }

    /** A gateway whose simulator and clock can be moved on together. */
    private GatewayFixture start(String breakerOpen) {
        InstantSource clock = this::now;
        var broker = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new OpenCalendar(), clock)
                .withRates(1_000, 1_000)
                .withSynchronous("OFF"));
        simulator = Optional.of(broker);
        var settings = Map.of(
                "KIS_ENV",
                "sim",
                "SIMULATOR_URL",
                broker.restBase().toString(),
                "SIMULATOR_CLOCK",
                "open",
                "SIMULATOR_RATE_LIMIT",
                "1000",
                "KIS_API_CIRCUIT_BREAKER_THRESHOLD",
                "" + THRESHOLD,
                "KIS_API_CIRCUIT_BREAKER_TIMEOUT",
                breakerOpen,
                "ALERTS_INNER_ADDRESSES",
                "true",
                "KIS_ACCOUNT_NO",
                CANO + "-01");
        var gateway = GatewayFixture.startInTime(folder, broker.restBase(), ahead, settings);
        started = Optional.of(gateway);
        gateway.awaitReady();
        return gateway;
    }

    private static void awaitPushed(GatewayFixture gateway) {
        Await.until(
                "a pushed price",
                () -> gateway.json("/v1/quotes/005930")
                        .path("source")
                        .asString("")
                        .equals("kis-ws"));
    }

    private String place(GatewayFixture gateway) {
        orders++;
        var body = "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":" + orders
                + ",\"dispatch_by\":\"" + now().plusSeconds(30) + "\"}";
        var placed = gateway.send("POST", "/v1/orders", body, "Idempotency-Key", "order-" + orders);
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(200);
        return gateway.tree(placed).path("order_id").asString();
    }

    private static void await(GatewayFixture gateway, String order, String... statuses) {
        Await.until(
                order + " is " + List.of(statuses),
                () -> List.of(statuses)
                        .contains(gateway.json("/v1/orders/" + order)
                                .path("status")
                                .asString()));
    }

    /** As many orders in doubt as open the breaker, and one that waits for it. */
    private List<String> loseOrders(GatewayFixture gateway) {
        var lost = new ArrayList<String>();
        for (int i = 0; i < THRESHOLD; i++) {
            lost.add(place(gateway));
        }
        Await.until(
                "the breaker of orders is open",
                () -> gateway.gateway().meters().total("order.doubts") >= THRESHOLD);
        place(gateway);
        Await.until(
                "orders are suspended", () -> gateway.alert("orders_suspended").isPresent());
        return lost;
    }

    private static void awaitFallback(GatewayFixture gateway) {
        Await.until("another price than the pushed one", () -> {
            gateway.get("/v1/quotes/005930");
            return gateway.gateway().meters().total("quote.rest.fallbacks") > 0;
        });
    }

    /** Lets the pauses between attempts to connect pass. */
    private static void awaitReconnect(GatewayFixture gateway) {
        Await.until("the gateway can trade", () -> {
            gateway.jump(Duration.ofSeconds(1));
            return gateway.blockers().isEmpty();
        });
    }

    @Test
    @Requirement(value = "A-27", clause = "report")
    @Requirement(value = "A-27", clause = "times")
    void an_outage_that_is_handled_in_time_passes_every_step() throws Exception {
        var gateway = start("10s");
        awaitPushed(gateway);
        var from = now();
        gateway.fault("{\"lose_notices\":{\"on\":[\"receipts\",\"fills\"],\"for\":\"1h\"},"
                + "\"server_errors_after\":{\"on\":\"orders\",\"for\":\"10m\"}}");
        var lost = loseOrders(gateway);
        gateway.fault(DISCONNECT);
        awaitFallback(gateway);
        Await.until("a person is notified", () -> !receiver.accepted("/desk").isEmpty());
        gateway.fault("{\"clear\":true}");
        awaitReconnect(gateway);
        lost.forEach(order -> await(gateway, order, "FILLED"));
        await(gateway, place(gateway), "FILLED");
        awaitVerdict(from, CONTINUITY, PASS);
        awaitVerdict(from, NOTICE, PASS);
        gateway.jump(Duration.ofMinutes(1));
        Await.until(
                "the sums of the minute",
                () -> section(report(from), "KIS's errors by code").contains("| FAILED |"));

        var result = command("--from", from.toString(), "--out", "outage.md");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).contains("written to").contains("outage.md");
        var file = folder.resolve("outage.md");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var page = Files.readString(file);
        for (var step : List.of(BREAKER, FALLBACK, CAUSE, CONTINUITY, NOTICE)) {
            assertThat(verdict(page, step)).as(page).isEqualTo(PASS);
        }
        assertThat(row(page, BREAKER).get(5)).contains("ORDERS of K1");
        assertThat(row(page, NOTICE).get(5)).contains("by the channel desk");
        assertThat(row(page, CONTINUITY).get(5)).containsPattern("after \\d+ s");
        assertThat(page)
                .contains("WebSocket lost (웹소켓 끊김) K1", "breaker (차단기) ORDERS of K1: OPEN")
                .containsPattern("P[12] alert \\(경보\\) request_in_doubt")
                .doesNotContain("still in doubt");
        lost.forEach(order -> assertThat(page)
                .as("when it was in doubt and how it became certain")
                .containsPattern("\\| " + order
                        + " #1 \\| A1 \\| \\S+ \\S+ \\| \\S+ \\| \\S+ \\S+ \\| at the broker under" + " number \\d+"));
        assertThat(section(page, "Callers affected")).contains("| local |");
        assertThat(section(page, "KIS's errors by code")).contains("| FAILED |");
        assertThat(page).doesNotContain(CANO, "planted-channel-key", "open-sesame");
    }

    private static String section(String page, String heading) {
        int from = page.indexOf("## " + heading);
        assertThat(from).as(heading).isNotNegative();
        int end = page.indexOf("\n## ", from);
        return end < 0 ? page.substring(from) : page.substring(from, end);
    }

    @Test
    @Requirement(value = "A-27", clause = "times")
    void an_outage_that_is_handled_too_late_fails_every_step() {
        var gateway = start("10s");
        awaitPushed(gateway);
        receiver.answer(503);
        var from = now();
        gateway.fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"inquire-price\",\"count\":1}}");
        gateway.get("/v1/quotes/000660");
        Await.until("the first failure", () -> report(from).contains("calls to KIS fail"));
        gateway.jump(Duration.ofMinutes(6));
        gateway.awaitReady();
        awaitPushed(gateway);
        gateway.fault("{\"lose_notices\":{\"on\":[\"receipts\",\"fills\"],\"for\":\"1h\"},"
                + "\"server_errors_after\":{\"on\":\"orders\",\"for\":\"60m\"}}");
        var lost = loseOrders(gateway);
        gateway.fault(DISCONNECT);
        awaitFallback(gateway);
        gateway.jump(Duration.ofMinutes(26));
        gateway.fault("{\"clear\":true}");
        receiver.answer(200);
        Await.until("a person is notified", () -> {
            gateway.jump(Duration.ofSeconds(1));
            return !receiver.accepted("/desk").isEmpty();
        });
        awaitReconnect(gateway);
        lost.forEach(order -> await(gateway, order, "FILLED"));
        await(gateway, place(gateway), "FILLED");
        for (var step : List.of(BREAKER, FALLBACK, CAUSE, CONTINUITY, NOTICE)) {
            awaitVerdict(from, step, FAIL);
            assertThat(row(report(from), step).get(3))
                    .as("time since the first failure")
                    .contains(" min ");
        }
    }

    @Test
    @Requirement(value = "A-27", clause = "times")
    void what_did_not_happen_is_not_observed() {
        var gateway = start("2s");
        var from = now();
        gateway.fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"inquire-price\",\"count\":1}}");
        gateway.get("/v1/quotes/000660");
        Await.until("the first failure", () -> report(from).contains("calls to KIS fail"));
        var page = report(from);
        for (var step : List.of(BREAKER, FALLBACK, CAUSE, NOTICE)) {
            assertThat(verdict(page, step)).as(page).isEqualTo(NOT_OBSERVED);
            assertThat(row(page, step).get(2)).isEqualTo("–");
        }
        assertThat(verdict(page, CONTINUITY)).isEqualTo(PASS);
        assertThat(row(page, CONTINUITY).get(5)).contains("orders were possible throughout");
    }

    @Test
    @Requirement(value = "A-27", clause = "times")
    void an_interruption_that_lasts_is_not_observed_to_end_until_it_is_too_long() {
        var gateway = start("2s");
        var from = now();
        gateway.fault(DISCONNECT);
        Await.until(
                "the lost session",
                () -> row(report(from), CONTINUITY).get(5).contains("still stopped by session of K1"));
        assertThat(verdict(report(from), CONTINUITY)).isEqualTo(NOT_OBSERVED);
        gateway.jump(Duration.ofMinutes(16));
        awaitVerdict(from, CONTINUITY, FAIL);
    }

    @Test
    void a_time_without_an_incident_has_no_verdicts() {
        var gateway = start("2s");
        awaitPushed(gateway);
        var page = report(now().minusSeconds(1));
        assertThat(page).contains("none was recorded (기록 없음)");
        for (var step : List.of(BREAKER, FALLBACK, CAUSE, CONTINUITY, NOTICE)) {
            assertThat(verdict(page, step)).isEqualTo(NOT_OBSERVED);
        }
    }

    @Test
    void what_callers_write_is_masked_and_stays_a_text() {
        var gateway = start("2s");
        var from = now();
        var reason = "open-sesame " + CANO + " | x | [here](http://example.com) <b>";
        var answer = gateway.operate("POST", "/v1/risk/kill-switch", "{\"on\":true,\"reason\":\"" + reason + "\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        Await.until("the alert", () -> report(from).contains("kill_switch_on"));
        var page = report(from);
        assertThat(page)
                .doesNotContain("open-sesame", CANO, "[here]", "http:")
                .contains("\\[here\\](http\\://example.com) \\<b\\>");
        assertThat(page.lines().filter(line -> line.startsWith("## "))).hasSize(6);
        assertThat(verdict(page, CONTINUITY)).as("orders are stopped").isEqualTo(NOT_OBSERVED);
        gateway.operate("POST", "/v1/risk/kill-switch", "{\"on\":false,\"reason\":\"over\"}");
        awaitVerdict(from, CONTINUITY, PASS);
    }

    @Test
    @Requirement(value = "A-27", clause = "report")
    void a_kill_is_part_of_the_report_and_so_is_the_order_that_it_left_in_doubt() throws Exception {
        var broker = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new OpenCalendar(), InstantSource.system())
                .withRates(5_000, 5_000)
                .withSynchronous("OFF"));
        simulator = Optional.of(broker);
        try (var http = HttpClient.newHttpClient()) {
            var process = new GatewayProcess(http, folder, broker.restBase(), Map.of("ALERTS_INNER_ADDRESSES", "true"));
            try {
                var from = now();
                broker.faults().add(Scenario.Fault.byChance("unanswered_after", 1, "orders"));
                var request = HttpRequest.newBuilder(
                                process.post(
                                        "/v1/orders",
                                        "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1}"),
                                (_, _) -> true)
                        .header("Idempotency-Key", "killed")
                        .build();
                var answer = http.send(request, BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                var order = new JsonMapper()
                        .readTree(answer.body())
                        .path("order_id")
                        .asString();
                // Killed before the first byte, it would never have reached KIS.
                var state = HttpRequest.newBuilder(broker.restBase().resolve("/simulator/state"))
                        .build();
                Await.until(
                        "KIS has it",
                        () -> new JsonMapper()
                                        .readTree(http.send(state, BodyHandlers.ofString())
                                                .body())
                                        .path("calls")
                                        .properties()
                                        .stream()
                                        .anyMatch(call -> call.getKey().endsWith("order-cash")));
                process.kill();
                assertThat(report(from)).as("made while nothing runs").contains("Timetable");
                broker.faults().clear();
                process.start();
                Await.until(
                        "it is certain again",
                        () -> process.get("/v1/orders/" + order)
                                .path("status")
                                .asString()
                                .equals("FILLED"));
                Await.until(
                        "its report",
                        () -> section(report(from), "Orders in doubt").contains("at the broker"));
                var page = report(from);
                assertThat(page)
                        .contains("gateway last seen before a kill or crash", "gateway started (게이트웨이 시작)")
                        .doesNotContain("still in doubt");
                assertThat(section(page, "Orders in doubt")).contains("| " + order + " #1 | A1 |");
                assertThat(verdict(page, CONTINUITY)).as(page).isEqualTo(PASS);
            } finally {
                process.kill();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--from=2026-11-21 --to=2026-11-20; --from must be before --to",
                "--from=2036-11-20; --from must be before --to, and in the past",
                "--from=yesterday; --from must be a day as",
                "--from=2026-11-20 --to=noon; --to must be a day as",
                "--to=2026-11-20; --from names the first time",
                "--from=2026-01-01 --to=2026-02-01; at most 7 days",
                "--from=2026-11-20 --to=2026-11-21 --out=present.md; present.md exists already",
                "--from=2026-11-20 --to=2026-11-21 --out=dangling.md; dangling.md exists already",
                "--from=2026-11-20 --to=2026-11-21 --out=none/report.md; There is no folder for",
                "--from=2026-11-20 --to=2026-11-21 --data-dir=none; There is no audit in",
                "--from=2026-11-20 --to=2026-11-21 --data-dir=present.md; There is no audit in",
                "--from=2026-11-20 --to=2026-11-21 --env=moon; KIS_ENV"
            })
    void a_mistake_is_one_sentence_and_writes_nothing(String arguments, String sentence) throws Exception {
        Files.writeString(folder.resolve("present.md"), "kept");
        Files.createSymbolicLink(folder.resolve("dangling.md"), folder.resolve("elsewhere.md"));
        writeAudit("");
        var before = files();
        var result = command(arguments.split(" "));
        assertThat(result.code()).as(result.toString()).isEqualTo(2);
        assertThat(result.err()).contains(sentence).doesNotContain("Exception", "\tat ");
        assertThat(result.out()).isEmpty();
        assertThat(files()).isEqualTo(before);
        assertThat(Files.readString(folder.resolve("present.md"))).isEqualTo("kept");
    }

    private void writeAudit(String content) throws IOException {
        Files.createDirectories(folder.resolve("data/sim"));
        Files.writeString(folder.resolve("data/sim/audit.db"), content);
    }

    private List<String> files() throws IOException {
        try (var files = Files.walk(folder)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    @ParameterizedTest
    @CsvSource({"audit.db", "journal.db"})
    void a_store_that_cannot_be_read_is_one_sentence_and_no_report(String store) throws Exception {
        GatewayFixture.start(folder).close();
        Files.writeString(folder.resolve("data/sim").resolve(store), "this is no database ".repeat(500));
        Files.deleteIfExists(folder.resolve("data/sim").resolve(store + "-wal"));
        var result = command("--from", now().minusSeconds(600).toString(), "--out", "report.md");
        assertThat(result.code()).as(result.toString()).isEqualTo(1);
        assertThat(result.err().strip().lines()).as(result.err()).hasSize(1);
        assertThat(result.err()).startsWith("No report was made: ").contains(store);
        assertThat(folder.resolve("report.md")).doesNotExist();
        assertThat(result.out()).isEmpty();
    }
}
