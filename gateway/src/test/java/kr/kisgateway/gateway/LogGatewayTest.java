package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.log.LogStream;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The log of a gateway: its levels while it runs, and its files as JSON. */
@Tag("slow")
class LogGatewayTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String TOKEN = "plantedOperatorToken0123456789";
    private static final Map<String, String> SECRETS = Map.of(
            "KIS_APP_KEY", "PSplantedKeyPlantedKeyPlantedKey1234",
            "KIS_APP_SECRET", "plantedSecret".repeat(14).substring(0, 180),
            "KIS_ACCOUNT_NO", "73915046-01",
            "KIS_HTS_ID", "plantedLogin",
            "TRACING_HEADERS", "Authorization=Bearer plantedCollectorKey",
            "GATEWAY_OPERATOR_TOKEN", TOKEN);

    private final HttpClient http = HttpClient.newHttpClient();
    private Path folder;

    @BeforeEach
    void folder(@TempDir Path temporary) {
        folder = temporary;
    }

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void a_level_is_set_by_an_operator_for_a_while_and_audited() throws Exception {
        try (var gateway = new KeyedGateway(folder)) {
            String trader = gateway.key("trader", "trade");
            String operator = gateway.key("ops", "operator");
            var order = LoggerFactory.getLogger("gateway.order");
            assertThat(order.isDebugEnabled()).isFalse();

            assertThat(gateway.get("/v1/log/levels", trader).statusCode()).isEqualTo(403);
            assertThat(put(gateway, "{\"stream\":\"gateway.order\",\"level\":\"debug\"}", trader)
                            .statusCode())
                    .isEqualTo(403);
            assertThat(order.isDebugEnabled()).isFalse();

            var set = gateway.json(put(gateway, "{\"stream\":\"gateway.order\",\"level\":\"debug\"}", operator));
            assertThat(order.isDebugEnabled()).isTrue();
            assertThat(set.path("level").asString()).isEqualTo("DEBUG");
            assertThat(set.path("set_by").asString()).isEqualTo("ops");
            assertThat(set.path("until").asString()).isNotEmpty();
            var listed = gateway.json(gateway.get("/v1/log/levels", operator)).path("streams");
            assertThat(listed).hasSize(LogStream.values().length);
            assertThat(listed.valueStream()
                            .filter(it -> !it.path("until").isNull())
                            .map(it -> it.path("stream").asString()))
                    .containsExactly("gateway.order");

            for (var bad : List.of(
                    "{\"stream\":\"gateway.orders\",\"level\":\"DEBUG\"}",
                    "{\"stream\":\"gateway.security\",\"level\":\"ERROR\"}",
                    "{\"stream\":\"org.apache.hc\",\"level\":\"DEBUG\"}",
                    "{\"stream\":\"gateway.order\",\"level\":\"OFF\"}",
                    "{\"stream\":\"gateway.order\",\"level\":\"DEBUG\",\"minutes\":0}",
                    "{\"stream\":\"gateway.order\",\"level\":\"DEBUG\",\"minutes\":1441}",
                    "{\"stream\":\"gateway.order\",\"minutes\":5}",
                    "{\"level\":\"DEBUG\"}")) {
                assertThat(put(gateway, bad, operator).statusCode()).as(bad).isEqualTo(400);
            }
            assertThat(put(gateway, "{\"stream\":\"gateway.orders\",\"level\":\"DEBUG\"}", operator)
                            .body())
                    .contains("gateway.order");

            Await.until(() -> gateway.get("/v1/audit?text=log/levels&principal=ops", gateway.admin)
                    .body()
                    .contains("stream=gateway.order level=debug"));
            put(gateway, "{\"stream\":\"gateway.order\"}", operator);
            assertThat(order.isDebugEnabled()).isFalse();
        }
    }

    private static HttpResponse<String> put(KeyedGateway gateway, String body, String key) throws Exception {
        return gateway.send("PUT", "/v1/log/levels", body, key);
    }

    @Test
    void each_line_of_a_hostile_session_is_json_and_has_no_secret_at_any_level() throws Exception {
        try (var simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new OpenCalendar(), InstantSource.system())
                .withSynchronous("OFF"))) {
            var settings = new HashMap<>(SECRETS);
            settings.put("KIS_ENV", "sim");
            settings.put("LOG_FORMAT", "json");
            settings.put("TRACING_ENDPOINT", "http://127.0.0.1:1");
            // Not the one of the tests.
            settings.put("JAVA_TOOL_OPTIONS", "-Dlogback.configurationFile=logback.xml");
            var gateway = new GatewayProcess(http, folder, simulator.restBase(), settings);
            String key;
            try {
                for (var stream : LogStream.names()) {
                    assertThat(send(
                                            gateway,
                                            "PUT",
                                            "/v1/log/levels",
                                            "{\"stream\":\"" + stream + "\",\"level\":\"TRACE\"}",
                                            "X-Operator-Token",
                                            TOKEN)
                                    .statusCode())
                            .isEqualTo(200);
                }
                key = session(gateway);
                Await.until(() -> lines().stream()
                        .anyMatch(line -> line.path("event").asString().equals("traces_not_exported")));
            } finally {
                gateway.kill();
            }
            var lines = lines();
            assertThat(lines).hasSizeGreaterThan(20).allSatisfy(line -> {
                assertThat(line.propertyNames()).contains("ts", "level", "logger", "event", "fields", "thread");
            });
            assertThat(lines)
                    .filteredOn(line -> line.path("event").asString().equals("kill_switch_set"))
                    .first()
                    .satisfies(line -> {
                        assertThat(line.path("trace_id").asString()).isEqualTo(TRACE);
                        assertThat(line.path("fields").path("reason").asString())
                                .isEqualTo("a \"quoted\" reason=x");
                    });
            assertThat(lines).anyMatch(line -> line.path("event").asString().equals("list_read"));
            assertThat(lines)
                    .filteredOn(line -> line.path("event").asString().equals("token_issued"))
                    .first()
                    .satisfies(line -> assertThat(line.path("fields").propertyNames())
                            .containsExactly("expires_at", "from_store"));
            var all = Files.readString(file("gateway.log")) + Files.readString(file("security.log"));
            assertThat(all)
                    .doesNotContain("73915046", "plantedLogin", "plantedCollectorKey", TOKEN, key, key.substring(13))
                    .doesNotContain(SECRETS.get("KIS_APP_KEY"), SECRETS.get("KIS_APP_SECRET"), "access_token")
                    .doesNotContain("\u001b", "\u2028");
        }
    }

    /** Calls with what must not reach the log, and with what must not break it; returns a key. */
    private String session(GatewayProcess gateway) throws Exception {
        var made = JSON.readTree(send(
                        gateway,
                        "POST",
                        "/v1/keys",
                        "{\"name\":\"planted\",\"role\":\"admin\"}",
                        "X-Operator-Token",
                        TOKEN)
                .body());
        String key = made.path("key").asString();
        String order = "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1}";
        send(gateway, "POST", "/v1/orders", order, "Idempotency-Key", "k1", "X-API-Key", key);
        send(gateway, "GET", "/v1/balances?account_id=A1", "", "X-API-Key", key, "X-Trace-Id", key);
        send(gateway, "GET", "/v1/session/status", "", "X-API-Key", key + "x");
        send(gateway, "GET", "/v1/session/status", "", "X-Operator-Token", "wrong\"\\token");
        send(gateway, "GET", "/v1/" + "%0d%0a%22%1b%5b2J".repeat(200), "", "X-API-Key", key);
        send(gateway, "POST", "/v1/orders", "{\"x\":\"" + "\\r\\n\\u001b\\\"".repeat(8_000) + "\"}", "X-API-Key", key);
        send(gateway, "POST", "/v1/webhooks/nope/plantedHook", "{}");
        // Reads KIS's list, which is an event of level DEBUG.
        send(gateway, "POST", "/v1/orders/reconcile", "", "X-API-Key", key);
        send(
                gateway,
                "POST",
                "/v1/risk/kill-switch",
                "{\"on\":true,\"reason\":\"a \\\"quoted\\\" reason=x\"}",
                "X-API-Key",
                key,
                "X-Trace-Id",
                TRACE);
        return key;
    }

    private HttpResponse<String> send(
            GatewayProcess gateway, String method, String path, String body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(gateway.base().resolve(path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private Path file(String name) {
        return folder.resolve("data/sim/log").resolve(name);
    }

    private List<JsonNode> lines() throws Exception {
        var lines = new ArrayList<JsonNode>();
        for (var name : List.of("gateway.log", "security.log")) {
            var text = Files.readString(file(name));
            text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(JSON::readTree)
                    .forEach(lines::add);
        }
        return lines;
    }
}
