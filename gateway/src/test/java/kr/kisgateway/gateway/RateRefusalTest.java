package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What callers of a whole gateway get while the broker refuses for its call rate. */
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
class RateRefusalTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String STORM = "{\"rate_limit_storm\":100000}";
    private static final String TOO_MANY = "{\"too_many_requests\":{\"on\":\"queries\",\"count\":100000}}";

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private Gateway gateway;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=open-fixed", "--simulator-seed=7"),
                Map.of("QUOTE_COOLDOWN", "1s"),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        gateway = Gateway.start(((SettingsResult.Loaded) loaded).settings());
        await("/health/ready", 200);
    }

    @AfterEach
    void stop() {
        gateway.close();
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {STORM, TOO_MANY})
    @Requirement(value = "G-08", clause = "code")
    @Requirement(value = "G-08", clause = "retry-after")
    @Requirement(value = "G-08", clause = "cooldown")
    void a_rate_storm_is_503_with_the_time_to_come_again_and_costs_no_call_until_then(String storm) throws Exception {
        fault(storm);
        HttpResponse<String> refused = get("/v1/quotes/035720");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(mapper.readTree(refused.body()).path("code").asString(""))
                .as(refused.body())
                .isEqualTo("REST_RATE_LIMIT_COOLDOWN");
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isEqualTo(1L);

        long asked = priceCalls();
        assertThat(asked).as("the broker was asked").isPositive();
        assertThat(get("/v1/quotes/035720").statusCode()).isEqualTo(503);
        assertThat(priceCalls()).as("and left alone during the pause").isEqualTo(asked);

        fault("{\"clear\":true}");
        await("/v1/quotes/035720", 200);
    }

    @Test
    @Requirement(value = "G-02", clause = "age")
    @Requirement(value = "G-08", clause = "cached")
    @Requirement(value = "G-13", clause = "age")
    void a_known_price_is_told_as_stale_with_its_age_while_the_broker_refuses() throws Exception {
        JsonNode known = mapper.readTree(get("/v1/quotes/000660").body());
        assertThat(known.path("state").asString("")).as(known.toString()).isEqualTo("HEALTHY");
        fault(STORM);
        JsonNode stale = known;
        long began = System.nanoTime();
        while (!stale.path("state").asString("").equals("STALE")) {
            HttpResponse<String> answer = get("/v1/quotes/000660");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            stale = mapper.readTree(answer.body());
            assertThat(System.nanoTime() - began).as(answer.body()).isLessThan(LIMIT.toNanos());
        }
        assertThat(stale.path("price").asLong()).isEqualTo(known.path("price").asLong());
        assertThat(stale.path("freshness_sec").asDouble()).isGreaterThanOrEqualTo(1);
        assertThat(stale.path("source").asString("")).isEqualTo("cache");
    }

    private long priceCalls() throws Exception {
        return mapper.readTree(simulator("GET", "/simulator/state", ""))
                .path("calls")
                .path("/uapi/domestic-stock/v1/quotations/inquire-price")
                .asLong(0);
    }

    private void fault(String rule) throws Exception {
        simulator("POST", "/simulator/faults", rule);
    }

    private String simulator(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + gateway.simulatorPort().orElseThrow() + path))
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .build(),
                BodyHandlers.ofString());
    }

    private void await(String path, int status) throws Exception {
        long began = System.nanoTime();
        HttpResponse<String> answer = get(path);
        while (answer.statusCode() != status) {
            assertThat(System.nanoTime() - began).as(answer.body()).isLessThan(LIMIT.toNanos());
            answer = get(path);
        }
    }
}
