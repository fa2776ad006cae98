package kr.kisgateway.gateway;

import static kr.kisgateway.gateway.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two gateways that share one simulator and one Redis, and their answers for prices and books. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class UsRedisGatewayTest {
    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private RedisServer redis;
    private Gateway one;
    private Gateway other;
    private Contract contract;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        int port = FreePort.find();
        redis = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
        redis.start();
        one = gateway(folder.resolve("one"), port, Map.of());
        other = gateway(
                folder.resolve("other"),
                port,
                Map.of(
                        "SIMULATOR_URL",
                        "http://127.0.0.1:" + one.simulatorPort().orElseThrow(),
                        "QUOTE_SAFE_VALUE",
                        "last-close"));
        contract = new Contract(get(one, "/openapi.json"));
    }

    private static Gateway gateway(Path folder, int redisPort, Map<String, String> more) {
        var environment = new HashMap<String, String>();
        environment.put("REDIS_URL", "redis://127.0.0.1:" + redisPort);
        // An open session caches nothing longer than this; the machine may be slow.
        environment.put("QUOTE_STALE_AFTER", "60s");
        environment.put("KIS_CACHE_TTL_ORDERBOOK", "30");
        environment.put("KIS_API_CIRCUIT_BREAKER_TIMEOUT", "50ms");
        environment.putAll(more);
        var arguments = new ArrayList<>(List.of("--port=0"));
        if (!more.containsKey("SIMULATOR_URL")) {
            arguments.addAll(List.of("--simulator-port=0", "--simulator-clock=open-fixed", "--simulator-seed=7"));
        } else {
            arguments.add("--simulator-clock=open-fixed");
        }
        var loaded = SettingsLoader.load(
                arguments, environment, folder, folder.resolve("home"), KisDefaults.on(LocalDate.of(2026, 11, 20)));
        assertThat(loaded).isInstanceOf(SettingsResult.Loaded.class);
        return Gateway.start(((SettingsResult.Loaded) loaded).settings());
    }

    @AfterAll
    void stop() throws IOException {
        other.close();
        one.close();
        redis.stop();
        client.close();
    }

    @Test
    @Requirement(value = "P-12", clause = "redis")
    @Requirement(value = "A-07", clause = "l2")
    void a_price_requested_by_one_gateway_costs_the_other_no_call() throws Exception {
        until(() -> get(one, "/v1/quotes/AAPL.NASD").has("price"));
        var first = get(one, "/v1/quotes/AAPL.NASD");
        long calls = calls("price-detail");
        long hits = get(other, "/v1/metrics/quote").get("l2_hits").longValue();

        var second = quote(other, "AAPL.NASD");

        assertThat(second.get("source").stringValue()).isEqualTo("kis-rest");
        assertThat(second.get("price").decimalValue())
                .isEqualByComparingTo(first.get("price").decimalValue());
        assertThat(second.get("turnover").decimalValue())
                .isEqualByComparingTo(first.get("turnover").decimalValue());
        assertThat(second.get("freshness_sec").doubleValue())
                .isGreaterThanOrEqualTo(first.get("freshness_sec").doubleValue());
        assertThat(calls("price-detail")).isEqualTo(calls);
        assertThat(get(other, "/v1/metrics/quote").get("l2_hits").longValue()).isEqualTo(hits + 1);
    }

    @Test
    @Requirement(value = "A-07", clause = "l2")
    void a_book_requested_by_one_gateway_costs_the_other_no_call() throws Exception {
        until(() -> get(one, "/v1/orderbooks/000660").has("asks"));
        var first = get(one, "/v1/orderbooks/000660");
        long calls = calls("inquire-asking-price-exp-ccn");
        var second = get(other, "/v1/orderbooks/000660");
        assertThat(second.get("source").stringValue()).isEqualTo("kis-rest");
        assertThat(second.get("asks")).isEqualTo(first.get("asks"));
        assertThat(second.get("bids")).isEqualTo(first.get("bids"));
        assertThat(calls("inquire-asking-price-exp-ccn")).isEqualTo(calls);
    }

    @Test
    @Requirement(value = "A-09", clause = "alert")
    void while_kis_fails_another_gateways_price_is_returned_and_then_the_safe_value_with_an_alert() throws Exception {
        until(() -> get(one, "/v1/quotes/JPM.NYSE").has("price"));
        fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"price-detail\",\"for\":\"5m\"}}");
        try {
            assertThat(quote(other, "JPM.NYSE").get("state").stringValue()).isEqualTo("HEALTHY");

            var safe = quote(other, "NVDA.NASD");
            assertThat(safe.get("state").stringValue()).isEqualTo("FALLBACK");
            assertThat(safe.get("source").stringValue()).isEqualTo("listing");
            assertThat(safe.get("price").decimalValue())
                    .isEqualByComparingTo(
                            get(other, "/v1/instruments/NVDA.NASD").get("close").decimalValue());
            assertThat(get(other, "/v1/alerts").get("alerts").valueStream().map(JsonNode::toString))
                    .anyMatch(alert -> alert.contains("quote_fallback") && alert.contains("NVDA.NASD"));
            assertThat(get(other, "/v1/metrics/quote").get("fallback_answers").longValue())
                    .isEqualTo(1);
            assertThat(get(one, "/v1/quotes/NVDA.NASD").path("code").asString(""))
                    .as("without a safe value")
                    .isNotEmpty();
        } finally {
            fault("{\"clear\":true}");
        }
    }

    private JsonNode quote(Gateway from, String symbol) throws Exception {
        var answer = client.send(
                HttpRequest.newBuilder(from.baseUri().resolve("/v1/quotes/" + symbol))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        contract.check("GET", "/v1/quotes/{symbol}", answer);
        return mapper.readTree(answer.body());
    }

    private long calls(String path) throws Exception {
        long calls = 0;
        for (var call : get(simulator("/simulator/state")).get("calls").properties()) {
            calls += call.getKey().endsWith(path) ? call.getValue().longValue() : 0;
        }
        return calls;
    }

    private void fault(String rule) throws Exception {
        var answer = client.send(
                HttpRequest.newBuilder(simulator("/simulator/faults"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(rule))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private URI simulator(String path) {
        return URI.create("http://127.0.0.1:" + one.simulatorPort().orElseThrow() + path);
    }

    private JsonNode get(Gateway from, String path) throws Exception {
        return get(from.baseUri().resolve(path));
    }

    private JsonNode get(URI uri) throws Exception {
        return mapper.readTree(client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body());
    }
}
