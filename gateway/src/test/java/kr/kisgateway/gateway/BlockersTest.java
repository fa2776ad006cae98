package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.simulator.catalog.Face;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Blockers caused by settings and by the session's owner: on a whole gateway each is caused, orders are refused because of
 * it, and it clears. The blockers of the broker and the journal are in the acceptance tests.
 */
@Requirement(value = "G-10", clause = "blockers")
@Requirement(value = "G-10", clause = "refused")
@Tag("slow")
class BlockersTest {
    @TempDir
    Path folder;

    private static String code(GatewayFixture gateway, String key) {
        var answer = gateway.buy(key);
        assertThat(answer.statusCode()).as(answer.body()).isGreaterThanOrEqualTo(400);
        return gateway.tree(answer).path("code").asString("");
    }

    private static List<String> named(GatewayFixture gateway, String key) {
        var answer = gateway.tree(gateway.buy(key));
        assertThat(answer.path("code").asString("")).as(answer.toString()).isEqualTo("NOT_READY");
        return answer.at("/details/blockers")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    @Test
    @Requirement(value = "G-18", clause = "read-only")
    void a_read_only_gateway_cannot_trade_and_one_started_without_the_setting_can() {
        try (var gateway = GatewayFixture.start(folder, "--gateway-read-only=true")) {
            Await.until("only the setting blocks", () -> gateway.blockers().equals(List.of("READ_ONLY")));
            gateway.contract().check("GET", "/v1/session/live-readiness", gateway.get("/v1/session/live-readiness"));
            assertThat(code(gateway, "k")).isEqualTo("READ_ONLY");
            assertThat(gateway.get("/health/ready").statusCode())
                    .as("works as configured, so no probe restarts it")
                    .isEqualTo(200);
        }
        try (var gateway = GatewayFixture.start(folder)) {
            gateway.awaitReady();
            assertThat(gateway.buy("k").statusCode()).isEqualTo(200);
        }
    }

    @Test
    @Requirement(value = "G-10", clause = "live")
    void live_names_its_missing_settings_and_trades_with_them_even_without_a_login_id() {
        try (var simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("broker.db")))) {
            var live = new HashMap<>(Map.of(
                    "KIS_ENV",
                    "live",
                    "KIS_API_BASE_URL_REAL",
                    simulator.restBase().toString(),
                    "KIS_WS_URL_LIVE",
                    simulator.wsBase().toString(),
                    "KIS_APP_KEY",
                    "PSabcdefghijklmnopqrstuvwxyz01234567",
                    "KIS_APP_SECRET",
                    "x".repeat(180),
                    "KIS_ACCOUNT_NO",
                    "50001234-01"));
            String key;
            try (var gateway = GatewayFixture.start(folder, simulator.restBase(), live)) {
                key = key();
                gateway.use(key);
                Await.until("the key is loaded", () -> gateway.get("/v1/alerts").statusCode() == 200);
                Await.until(
                        "only the settings block",
                        () -> gateway.blockers().equals(List.of("MISSING_REQUIRED_ENV", "LIVE_DISABLED")));
                assertThat(missing(gateway)).containsExactly("KIS_LIVE_TRADING", "KIS_LIVE_ACCOUNTS");
                assertThat(code(gateway, "k")).isEqualTo("LIVE_DISABLED");
            }
            live.put("KIS_LIVE_TRADING", "true");
            live.put("KIS_LIVE_ACCOUNTS", "B9");
            try (var gateway = GatewayFixture.start(folder, simulator.restBase(), live)) {
                gateway.use(key);
                Await.until(
                        "another account is allowed alone",
                        () -> gateway.blockers().equals(List.of("LIVE_DISABLED")));
                assertThat(missing(gateway)).isEmpty();
                assertThat(code(gateway, "k")).isEqualTo("LIVE_DISABLED");
            }
            live.put("KIS_LIVE_ACCOUNTS", "A1");
            try (var gateway = GatewayFixture.start(folder, simulator.restBase(), live)) {
                gateway.use(key);
                gateway.awaitReady();
                assertFillsWithoutNotices(gateway);
            }
        }
    }

    @Test
    @Requirement(value = "A-17", clause = "egress")
    void live_orders_are_refused_while_the_address_that_the_internet_sees_is_not_an_allowed_one() throws Exception {
        var seen = new AtomicReference<>("198.51.100.9");
        var asked = new AtomicInteger();
        var service = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        service.createContext("/", call -> {
            byte[] answer = (seen.get() + "\n").getBytes(StandardCharsets.US_ASCII);
            asked.incrementAndGet();
            call.sendResponseHeaders(200, answer.length);
            call.getResponseBody().write(answer);
            call.close();
        });
        service.start();
        try (var simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("broker.db")))) {
            var live = Map.ofEntries(
                    Map.entry("KIS_ENV", "live"),
                    Map.entry("KIS_API_BASE_URL_REAL", simulator.restBase().toString()),
                    Map.entry("KIS_WS_URL_LIVE", simulator.wsBase().toString()),
                    Map.entry("KIS_APP_KEY", "PSabcdefghijklmnopqrstuvwxyz01234567"),
                    Map.entry("KIS_APP_SECRET", "x".repeat(180)),
                    Map.entry("KIS_ACCOUNT_NO", "50001234-01"),
                    Map.entry("KIS_LIVE_TRADING", "true"),
                    Map.entry("KIS_LIVE_ACCOUNTS", "A1"),
                    Map.entry("NETWORK_EGRESS_ALLOW", "203.0.113.0/24, 192.0.2.7"),
                    Map.entry(
                            "NETWORK_ADDRESS_URL",
                            "http://127.0.0.1:" + service.getAddress().getPort()));
            try (var gateway = GatewayFixture.start(folder, simulator.restBase(), live)) {
                gateway.use(key());
                Await.until("the key is loaded", () -> gateway.get("/v1/alerts").statusCode() == 200);
                Await.until("only the address blocks", () -> gateway.blockers().equals(List.of("EGRESS_ADDRESS")));
                gateway.contract()
                        .check("GET", "/v1/session/live-readiness", gateway.get("/v1/session/live-readiness"));
                var dryRun = gateway.send(
                        "POST",
                        "/v1/orders",
                        "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1,\"dry_run\":true}",
                        "Idempotency-Key",
                        "dry");
                assertThat(dryRun.statusCode()).as(dryRun.body()).isEqualTo(200);
                assertThat(named(gateway, "k")).containsExactly("EGRESS_ADDRESS");
                assertThat(gateway.get("/v1/alerts").body()).contains("egress_address_differs", "198.51.100.9");
                seen.set("not an address");
                int before = asked.get();
                Await.until("the answer without an address was read", () -> asked.get() >= before + 2);
                assertThat(gateway.blockers()).containsExactly("EGRESS_ADDRESS");
                seen.set("203.0.113.200");
                Await.until(
                        "an allowed address was seen", () -> gateway.blockers().isEmpty());
                assertThat(gateway.buy("k").statusCode()).isEqualTo(200);
            }
        } finally {
            service.stop(0);
        }
    }

    @Test
    void paper_without_a_login_id_registers_no_notices_and_reads_fills_from_the_list() {
        var config = SimulatorConfig.defaults(folder.resolve("broker.db")).withFace(Face.PAPER);
        try (var simulator = KisSimulator.start(config);
                var gateway = GatewayFixture.start(
                        folder,
                        simulator.restBase(),
                        Map.of(
                                "KIS_ENV",
                                "mock",
                                "KIS_API_BASE_URL_VIRTUAL",
                                simulator.restBase().toString(),
                                "KIS_WS_URL_MOCK",
                                simulator.wsBase().toString(),
                                "KIS_MOCK_APP_KEY",
                                "PSPAPER000000000000000000000000000001",
                                "KIS_MOCK_APP_SECRET",
                                "s".repeat(180),
                                "KIS_MOCK_CANO",
                                "50001234"))) {
            gateway.awaitReady();
            assertFillsWithoutNotices(gateway);

            var registered = gateway.brokerState()
                    .at("/sessions")
                    .valueStream()
                    .flatMap(session -> session.path("registrations").valueStream())
                    .map(registration -> registration.path("tr_id").asString(""))
                    .toList();
            assertThat(registered)
                    .as("TRs that KIS pushes")
                    .contains("H0STCNT0")
                    .noneMatch(id -> id.startsWith("H0STCNI") || id.startsWith("H0GSCNI"));
            assertThat(gateway.json("/v1/session/status")
                            .at("/budget/refused_by_kis")
                            .asLong(0))
                    .as("calls above the one a second of paper")
                    .isZero();
        }
    }

    /**
     * Without a login id no notices are registered; fills come from the list, and the answer names the setting that changes
     * this.
     */
    private static void assertFillsWithoutNotices(GatewayFixture gateway) {
        var answer = gateway.get("/v1/session/live-readiness");
        gateway.contract().check("GET", "/v1/session/live-readiness", answer);
        var notices = gateway.tree(answer).path("execution_notices");
        assertThat(notices.path("mode").asString("")).isEqualTo("poll");
        assertThat(notices.path("interval_ms").asLong()).isEqualTo(5_000);
        assertThat(notices.path("to_push").asString("")).startsWith("KIS_HTS_ID=");
        assertThat(Main.startupLines(gateway.gateway(), gateway.settings()))
                .anyMatch(line -> line.contains("체결통보"))
                .anyMatch(line -> line.contains("KIS_HTS_ID=<your HTS login id>"));

        String dry = "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1,\"dry_run\":true}";
        assertThat(gateway.send("POST", "/v1/orders", dry).statusCode()).isEqualTo(200);
        var placed = gateway.buy("live");
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(200);
        String id = gateway.tree(placed).path("order_id").asString("");
        Await.until(
                "the fill",
                () -> gateway.json("/v1/orders/" + id)
                        .path("status")
                        .asString("")
                        .equals("FILLED"));
        assertThat(gateway.json("/v1/orders/" + id).at("/fills/0/source").asString(""))
                .isNotEqualTo("NOTICE");
    }

    private static List<String> missing(GatewayFixture gateway) {
        return gateway.json("/v1/session/live-readiness")
                .path("required_env_missing")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    private String key() {
        return KeyCommands.printed(folder, List.of("create", "me", "--role", "admin", "--env", "live"))
                .lines()
                .flatMap(line -> List.of(line.split("\\s+")).stream())
                .filter(token -> token.startsWith("kgw_"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Requirement(value = "G-09", clause = "on-request")
    void a_reconnect_stops_placing_at_once_and_the_refusal_names_the_remaining_time() {
        try (var gateway = GatewayFixture.start(folder)) {
            gateway.awaitReady();
            long startNanos = System.nanoTime();
            long first = reconnect(gateway);
            assertThat(gateway.blockers()).contains("WS_DISCONNECTED");
            assertThat(named(gateway, "k1")).contains("WS_DISCONNECTED");
            assertThat(first).as("soon after the start").isBetween(1L, 5_000L);
            gateway.awaitReady();
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos).toMillis())
                    .as("not before the announced time")
                    .isGreaterThanOrEqualTo(first);
            assertThat(gateway.buy("k1").statusCode()).isEqualTo(200);

            gateway.jump(Duration.ofSeconds(20));
            assertThat(reconnect(gateway))
                    .as("long after the last reconnect only releases take time")
                    .isLessThan(2_500);
            gateway.awaitReady();
        }
    }

    private static long reconnect(GatewayFixture gateway) {
        var answer = gateway.operate("POST", "/v1/session/reconnect", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        gateway.contract().check("POST", "/v1/session/reconnect", answer);
        return gateway.tree(answer).path("opens_in_ms").asLong(-1);
    }

    @Test
    @Requirement("G-01")
    void a_session_taken_over_by_another_program_stops_placing_and_raises_an_alert() {
        try (var gateway = GatewayFixture.start(folder)) {
            gateway.awaitReady();
            gateway.fault("{\"linger_seconds\":50,\"drop_sockets\":true}");
            Await.until(
                    "another program owns the session", () -> gateway.blockers().contains("NOT_OWNER"));
            assertThat(named(gateway, "k")).contains("NOT_OWNER");
            var alert = gateway.alert("session_taken_over").orElseThrow();
            assertThat(alert.path("level").asString("")).isEqualTo("P1");
            assertThat(alert.path("message").asString("")).contains("OPSP8996", "K1");
            assertThat(alert.path("settled_at").isNull()).isTrue();

            gateway.fault("{\"clear\":true}");
            gateway.jump(Duration.ofSeconds(120));
            gateway.awaitReady();
            Await.until(
                    "the alert is settled",
                    () -> !gateway.alert("session_taken_over")
                            .orElseThrow()
                            .path("settled_at")
                            .isNull());
            assertThat(gateway.buy("k").statusCode()).isEqualTo(200);
        }
    }
}
