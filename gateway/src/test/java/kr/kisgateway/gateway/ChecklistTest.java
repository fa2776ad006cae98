package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.simulator.broker.Scenario;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code GET /v1/ops/checklist}: for each item a day that passes and one on which what it watches really goes wrong. */
@Tag("slow")
class ChecklistTest {
    private static final String CHECKLIST = "/v1/ops/checklist";

    @TempDir
    Path folder;

    @TempDir
    Path elsewhere;

    private static JsonNode item(GatewayFixture gateway, String name) {
        var answer = gateway.operate("GET", CHECKLIST, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return gateway.tree(answer)
                .path("items")
                .valueStream()
                .filter(it -> it.path("item").asString("").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String status(GatewayFixture gateway, String name) {
        return item(gateway, name).path("status").asString("");
    }

    private static BigDecimal figure(GatewayFixture gateway, String name) {
        return item(gateway, name).path("figure").decimalValue();
    }

    private static void awaitStatus(GatewayFixture gateway, String name, String status) {
        Await.until(name + " is " + status, () -> status(gateway, name).equals(status));
    }

    /** The first calls of a process on a busy machine are slow; the average falls with further ones. */
    private static void awaitUsualAverage(GatewayFixture gateway) {
        Await.until("the average of further calls passes", () -> {
            gateway.get("/v1/buying-power?account_id=A1&symbol=005930&price=100000");
            return status(gateway, "call_average").equals("pass");
        });
    }

    private static LocalDate inDays(int days) {
        return LocalDate.now(ZoneId.of("Asia/Seoul")).plusDays(days);
    }

    /** Runs a command beside the gateway, with a line of input. */
    private String command(String input, String... arguments) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        int code = new Main(new CommandEnvironment(
                        print,
                        print,
                        new BufferedReader(new StringReader(input)),
                        InstantSource.system(),
                        Map.of(),
                        folder,
                        folder.resolve("home")))
                .run(List.of(arguments));
        var text = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(text).isZero();
        return text;
    }

    private void storeSecret(int expiresInDays) {
        command(
                "some-secret-4711\n",
                "secrets",
                "set",
                "SLACK_URL",
                "--expires",
                inDays(expiresInDays).toString());
    }

    private void createKey(String name, int expiresInDays) {
        command(
                "",
                "keys",
                "create",
                name,
                "--role",
                "quote",
                "--new-folder",
                "--expires",
                inDays(expiresInDays).toString());
    }

    @Test
    @Requirement(value = "A-26", clause = "checklist")
    @Requirement(value = "A-26", clause = "expiry")
    @Requirement(value = "A-26", clause = "quota")
    @Requirement(value = "A-26", clause = "disconnects")
    @Requirement(value = "A-26", clause = "success")
    @Requirement(value = "A-26", clause = "average")
    void on_a_quiet_day_every_item_passes() throws Exception {
        storeSecret(60);
        createKey("program", 60);
        try (var exchange = new Exchange();
                var first = GatewayFixture.start(folder)) {
            first.awaitReady();
            command("", "backup", "create", "--to", elsewhere.toString());
            first.close();
            try (var gateway = start(Map.of(
                    "LIMITS_CALLS_PER_DAY",
                    "100000",
                    "BACKUP_FOLDER",
                    elsewhere.toString(),
                    "KRX_AUTH_KEY",
                    "PLANTEDKRXKEY0123456789",
                    "KRX_API_BASE_URL",
                    exchange.base()))) {
                gateway.awaitReady();
                assertThat(gateway.get("/v1/quotes/000660").statusCode()).isEqualTo(200);
                Await.until(
                        "a trade is compared with the clock",
                        () -> item(gateway, "clock_offset")
                                .path("detail")
                                .asString("")
                                .contains("trades arrive"));
                awaitUsualAverage(gateway);
                var answer = gateway.operate("GET", CHECKLIST, "");
                gateway.contract().check("GET", CHECKLIST, answer);
                var checklist = gateway.tree(answer);
                assertThat(checklist.path("items").valueStream()).hasSize(14).allSatisfy(item -> {
                    assertThat(item.path("status").asString(""))
                            .as(item.toString())
                            .isEqualTo("pass");
                    assertThat(item.path("figure").isNumber()).isTrue();
                    assertThat(item.path("limit").isNumber()).isTrue();
                    assertThat(item.path("title_ko").asString("")).containsPattern("[가-힣]");
                    assertThat(item.path("detail_ko").asString("")).isNotEmpty();
                });
                assertThat(checklist.path("failed").asInt()).isZero();
                assertThat(checklist.path("not_evaluated").asInt()).isZero();
                assertThat(checklist.path("counted_since").asString(""))
                        .as("the counts begin with the process and say so")
                        .startsWith(checklist.path("day").asString());
                assertThat(gateway.gateway().meters().value("checklist.failing"))
                        .as("the meters of dashboards")
                        .isZero();
            }
        }
    }

    private GatewayFixture start(Map<String, String> environment) {
        return GatewayFixture.start(folder, environment);
    }

    @Test
    @Requirement(value = "A-26", clause = "checklist")
    void what_is_not_configured_is_named_and_fails_nothing() {
        try (var gateway = start(Map.of())) {
            gateway.awaitReady();
            awaitUsualAverage(gateway);
            for (var name : List.of("secret_expiry", "api_key_expiry", "kis_quota", "krx_quota", "backup_age")) {
                assertThat(status(gateway, name)).as(name).isEqualTo("not_configured");
            }
            assertThat(item(gateway, "backup_age").path("detail").asString("")).contains("BACKUP_FOLDER");
            assertThat(item(gateway, "kis_quota").path("detail").asString("")).contains("LIMITS_CALLS_PER_DAY");
            assertThat(gateway.tree(gateway.operate("GET", CHECKLIST, ""))
                            .path("failed")
                            .asInt())
                    .isZero();
        }
    }

    @Test
    @Requirement(value = "A-26", clause = "checklist")
    void the_dashboard_shows_each_item_that_fails() throws Exception {
        var dashboard = Files.readString(Path.of("..", "ops", "grafana", "trading.json"));
        assertThat(dashboard).contains("\"expr\": \"kis_gateway_checklist_failing\"");
        try (var gateway = start(Map.of("JOURNAL_DISK_LOW", "900000GB"))) {
            Await.until(
                    "the disk fails",
                    () -> gateway.get("/metrics")
                            .body()
                            .contains("kis_gateway_checklist_failing{item=\"disk_free\"} 1"));
            assertThat(gateway.get("/metrics").body()).contains("kis_gateway_checklist_failing{item=\"journal\"} 0");
        }
    }

    @Test
    @Requirement(value = "A-26", clause = "expiry")
    void a_secret_and_a_key_that_expire_within_seven_days_fail_by_name() {
        storeSecret(6);
        createKey("short-lived", 5);
        createKey("long-lived", 90);
        try (var gateway = start(Map.of())) {
            gateway.awaitReady();
            assertThat(status(gateway, "secret_expiry")).isEqualTo("fail");
            assertThat(figure(gateway, "secret_expiry")).isEqualByComparingTo("6");
            assertThat(item(gateway, "secret_expiry").path("detail").asString(""))
                    .contains("SLACK_URL " + inDays(6))
                    .doesNotContain("4711");
            assertThat(status(gateway, "api_key_expiry")).isEqualTo("fail");
            assertThat(item(gateway, "api_key_expiry").path("detail").asString(""))
                    .contains("short-lived")
                    .doesNotContain("long-lived");
            command("", "keys", "revoke", "short-lived");
            awaitStatus(gateway, "api_key_expiry", "pass");
        }
    }

    @Test
    @Requirement(value = "A-26", clause = "expiry")
    void a_token_that_kis_does_not_issue_fails_and_passes_once_it_is_issued() {
        try (var simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("broker.db")))) {
            simulator.faults().add(Scenario.Fault.byChance("unavailable_before", 1, "tokens"));
            try (var gateway = GatewayFixture.start(
                    folder,
                    simulator.restBase(),
                    Map.of("SIMULATOR_URL", simulator.restBase().toString()))) {
                awaitStatus(gateway, "token_expiry", "fail");
                assertThat(item(gateway, "token_expiry").path("detail").asString(""))
                        .contains("K1 without a token");
                gateway.fault("{\"clear\":true}");
                Await.until("the token is issued", () -> {
                    gateway.jump(Duration.ofSeconds(20));
                    return status(gateway, "token_expiry").equals("pass");
                });
            }
        }
    }

    @Test
    @Requirement(value = "A-26", clause = "quota")
    void calls_to_kis_beyond_four_fifths_of_the_days_limit_fail() {
        try (var gateway = start(Map.of("LIMITS_CALLS_PER_DAY", "60"))) {
            gateway.awaitReady();
            assertThat(status(gateway, "kis_quota")).isEqualTo("pass");
            Await.until(
                    "more calls than 80 % of 60",
                    () -> {
                        gateway.get("/v1/buying-power?account_id=A1&symbol=005930&price=100000");
                        return status(gateway, "kis_quota").equals("fail");
                    });
            long atBroker = gateway.brokerState()
                    .path("calls")
                    .propertyStream()
                    .mapToLong(call -> call.getValue().asLong())
                    .sum();
            assertThat(atBroker).as("calls that the simulator counted").isGreaterThanOrEqualTo(48);
            assertThat(gateway.get("/v1/quotes/000660").statusCode())
                    .as("it refuses no call")
                    .isEqualTo(200);
        }
    }

    @Test
    @Requirement(value = "A-26", clause = "quota")
    void calls_to_the_exchange_beyond_four_fifths_of_its_limit_fail() throws Exception {
        try (var exchange = new Exchange();
                var gateway = start(Map.of(
                        "KRX_AUTH_KEY", "PLANTEDKRXKEY0123456789",
                        "KRX_CALLS_PER_DAY", "10",
                        "KRX_API_BASE_URL", exchange.base()))) {
            gateway.awaitReady();
            assertThat(status(gateway, "krx_quota")).isEqualTo("pass");
            var job = gateway.operate(
                    "POST",
                    "/v1/history/backfill",
                    "{\"symbols\":[\"005930\"],\"source\":\"krx\",\"period\":\"D\",\"from\":\"2023-12-01\",\"to\":\"2024-01-05\"}");
            assertThat(job.statusCode()).as(job.body()).isEqualTo(202);
            awaitStatus(gateway, "krx_quota", "fail");
            assertThat(item(gateway, "krx_quota").path("limit").asInt()).isEqualTo(80);
        }
    }

    @Test
    @Requirement(value = "A-26", clause = "disconnects")
    void the_fifth_disconnect_of_a_day_fails_and_a_failed_attempt_to_connect_is_none() {
        try (var gateway = start(Map.of())) {
            gateway.awaitReady();
            assertThat(status(gateway, "disconnects")).isEqualTo("pass");
            for (int i = 1; i <= 5; i++) {
                var expected = BigDecimal.valueOf(i);
                if (i == 2) {
                    gateway.fault("{\"half_open_sockets\":true,\"drop_sockets\":true}");
                    Await.until("attempts to connect fail", () -> waitsToConnect(gateway));
                    gateway.fault("{\"clear\":true}");
                } else {
                    gateway.fault("{\"drop_sockets\":true}");
                }
                Await.until(
                        "disconnect " + i + " is counted",
                        () -> figure(gateway, "disconnects").compareTo(expected) == 0);
                assertThat(status(gateway, "disconnects")).isEqualTo(i < 5 ? "pass" : "fail");
                Await.until("the socket is open again", () -> {
                    if (waitsToConnect(gateway))
                        gateway.jump(Duration.ofSeconds(1)); // never past an open socket's pings
                    return gateway.json("/v1/session/live-readiness")
                            .path("ws_connected")
                            .asBoolean();
                });
            }
            assertThat(item(gateway, "disconnects").path("detail").asString("")).contains("K1 5");
        }
    }

    private static boolean waitsToConnect(GatewayFixture gateway) {
        return gateway.json("/v1/session/status").toString().contains("WAITING");
    }

    @Test
    void a_registration_that_kis_refuses_fails() {
        try (var gateway = start(Map.of())) {
            gateway.awaitReady();
            Await.until(
                    "the feed",
                    () -> gateway.json("/v1/quotes/005930")
                            .path("source")
                            .asString("")
                            .equals("kis-ws"));
            assertThat(status(gateway, "registrations")).isEqualTo("pass");
            gateway.fault("{\"registration_limit\":1,\"drop_sockets\":true}");
            awaitStatus(gateway, "registrations", "fail");
        }
    }

    @Test
    @Requirement(value = "A-26", clause = "success")
    void calls_that_kis_does_not_answer_fail_the_day() {
        try (var gateway = start(Map.of())) {
            gateway.awaitReady();
            assertThat(status(gateway, "call_success")).isEqualTo("pass");
            gateway.fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"inquire-price\",\"for\":\"10m\"}}");
            gateway.get("/v1/quotes/000660");
            awaitStatus(gateway, "call_success", "fail");
            assertThat(item(gateway, "call_success").path("detail").asString(""))
                    .contains("calls without an answer");
        }
    }

    @Test
    @Requirement(value = "A-26", clause = "average")
    void slow_answers_of_kis_fail_the_day() {
        try (var gateway = start(Map.of())) {
            gateway.awaitReady();
            awaitUsualAverage(gateway);
            gateway.fault("{\"latency_ms\":{\"value\":\"3s\",\"on\":\"queries\",\"for\":\"10m\"}}");
            var symbols = List.of(
                    "000660", "035420", "051910", "005380", "068270", "207940", "005490", "035720", "105560", "055550");
            var calls = symbols.stream()
                    .map(symbol -> CompletableFuture.runAsync(() -> gateway.get("/v1/quotes/" + symbol)))
                    .toList();
            calls.forEach(CompletableFuture::join);
            awaitStatus(gateway, "call_average", "fail");
        }
    }

    @Test
    void a_backup_that_is_too_old_and_a_low_disk_fail() {
        try (var gateway = start(Map.of())) {
            gateway.awaitReady();
            command("", "backup", "create", "--to", elsewhere.toString());
        }
        try (var gateway = GatewayFixture.start(
                folder,
                Optional.empty(),
                Duration.ofHours(27),
                Map.of("BACKUP_FOLDER", elsewhere.toString(), "JOURNAL_DISK_LOW", "900000GB"),
                List.of("--simulator-seed=7"))) {
            assertThat(status(gateway, "backup_age")).isEqualTo("fail");
            assertThat(figure(gateway, "backup_age")).isGreaterThanOrEqualTo(BigDecimal.valueOf(27));
            assertThat(item(gateway, "backup_age").path("detail").asString(""))
                    .as("to the second")
                    .matches("made \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\+09:00");
            assertThat(status(gateway, "disk_free")).isEqualTo("fail");
        }
    }

    @Test
    void a_clock_that_is_not_the_exchanges_and_one_that_was_set_back_fail() {
        try (var gateway = start(Map.of())) {
            gateway.awaitReady();
            gateway.fault("{\"clock_skew_seconds\":30}");
            awaitStatus(gateway, "clock_offset", "fail");
            assertThat(figure(gateway, "clock_offset")).isBetween(BigDecimal.valueOf(25), BigDecimal.valueOf(31));
        }
        try (var gateway = GatewayFixture.start(elsewhere)) {
            gateway.awaitReady();
            gateway.jump(Duration.ofSeconds(-5));
            awaitStatus(gateway, "clock_offset", "fail");
            assertThat(item(gateway, "clock_offset").path("detail").asString(""))
                    .contains("machine 5");
        }
    }

    @Test
    void an_order_in_doubt_and_a_journal_that_cannot_be_written_fail() throws Exception {
        try (var gateway = GatewayFixture.start(folder, "--simulator-clock=open-fixed")) {
            gateway.awaitReady();
            assertThat(status(gateway, "unknown_orders")).isEqualTo("pass");
            assertThat(status(gateway, "journal")).isEqualTo("pass");
            gateway.fault("{\"server_errors_after\":{\"on\":\"orders\",\"count\":1},"
                    + "\"lose_notices\":{\"on\":[\"receipts\",\"fills\"],\"for\":\"1h\"},"
                    + "\"unavailable_before\":{\"on\":\"queries\",\"path\":\"inquire-daily-ccld\",\"for\":\"10m\"}}");
            assertThat(gateway.buy("k1").statusCode()).isEqualTo(200);
            awaitStatus(gateway, "unknown_orders", "fail");
            executeInJournal("CREATE TRIGGER refuse BEFORE INSERT ON journal BEGIN SELECT RAISE(FAIL, 'disk'); END");
            assertThat(gateway.buy("k2").body()).contains("JOURNAL_UNAVAILABLE");
            awaitStatus(gateway, "journal", "fail");
            assertThat(gateway.gateway().meters().value("checklist.failing", "item", "journal"))
                    .isEqualTo(1);
            executeInJournal("DROP TRIGGER refuse");
            awaitStatus(gateway, "journal", "pass");
        }
    }

    private void executeInJournal(String sql) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/sim/journal.db"));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout=5000");
            statement.execute(sql);
        }
    }

    /** An exchange whose lists are all empty. */
    private static final class Exchange implements AutoCloseable {
        private final HttpServer server;

        Exchange() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", call -> {
                byte[] body = "{\"OutBlock_1\":[]}".getBytes(StandardCharsets.UTF_8);
                call.getResponseHeaders().add("Content-Type", "application/json");
                call.sendResponseHeaders(200, body.length);
                call.getResponseBody().write(body);
                call.close();
            });
            server.start();
        }

        String base() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
