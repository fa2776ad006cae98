package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Settings of the calls to KIS, each changed on a whole gateway: what it does is seen at the simulator. */
@Requirement("P-07")
class SettingsBehaviourTest {
    private static final String KEY = "PSKEYSKEYSKEYSKEYSKEYSKEYSKEYSKEYSKE";
    private static final String SECRET = "secret-value-that-nobody-may-ever-see";
    private static final String PRICES = "inquire-price";

    @TempDir
    private Path folder;

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private Gateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        client.close();
    }

    @Test
    @Requirement(value = "P-07", clause = "queue")
    void a_quote_waits_for_its_turn_no_longer_than_the_queue_timeout() throws Exception {
        start(Map.of("KIS_API_RATE_LIMIT", "1", "KIS_API_QUEUE_TIMEOUT", "100ms"));
        var answers = new ArrayList<HttpResponse<String>>();
        for (String symbol : List.of("000660", "035720", "051910", "068270")) {
            answers.add(get("/v1/quotes/" + symbol));
        }
        assertThat(answers).anySatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("QUEUE_TIMEOUT");
        });
    }

    @Test
    @Requirement(value = "P-02", clause = "capped")
    @Requirement(value = "P-07", clause = "rate")
    void the_rate_is_the_one_that_was_set() throws Exception {
        start(Map.of("KIS_API_RATE_LIMIT", "3"));
        var budget = json("/v1/session/status").get("app_keys").get(0).get("budget");
        assertThat(budget.get("limit").intValue()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"standard, 10", "pipeline, 5"})
    @Requirement(value = "P-03", clause = "profile")
    void the_profile_decides_how_many_failures_open_the_breaker(String profile, int failures) throws Exception {
        start(Map.of("KIS_HTTP_PROFILE", profile));
        fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"" + PRICES + "\",\"for\":\"5m\"}}");
        long before = calls(PRICES);
        askUntilNothingIsSent(PRICES);
        assertThat(calls(PRICES) - before).isEqualTo(failures);
    }

    @Test
    @Requirement(value = "A-14", clause = "rotation")
    void a_token_is_rotated_at_the_age_that_was_set() throws Exception {
        Instant morning = Instant.parse("2026-11-20T00:30:00Z");
        start(Map.of("TOKEN_ROTATION", "6h"), morning, 0);
        int simulator = gateway.simulatorPort().orElseThrow(); // a token is of one address
        gateway.close();
        start(Map.of("TOKEN_ROTATION", "6h"), morning.plus(Duration.ofHours(6)).minusSeconds(15), simulator);
        assertThat(calls("tokenP")).as("the stored one is young enough").isZero();
        until(() -> calls("tokenP") == 1);
        gateway.close();
        start(Map.of(), morning.plus(Duration.ofHours(13)), simulator);
        assertThat(calls("tokenP"))
                .as("by default one of seven hours is used on")
                .isZero();
    }

    @Requirement(value = "P-07", clause = "threshold")
    @ParameterizedTest
    @CsvSource({"2", "4"})
    void a_breaker_opens_after_as_many_failures_as_were_set(int threshold) throws Exception {
        start(Map.of("KIS_API_CIRCUIT_BREAKER_THRESHOLD", "" + threshold, "KIS_API_CIRCUIT_BREAKER_TIMEOUT", "10m"));
        fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"" + PRICES + "\",\"for\":\"5m\"}}");
        long before = calls(PRICES);
        askUntilNothingIsSent(PRICES);
        assertThat(calls(PRICES) - before).isEqualTo(threshold);
    }

    @Test
    @Requirement(value = "P-07", clause = "open-time")
    @Requirement(value = "P-03", clause = "half-open")
    void a_breaker_is_open_for_as_long_as_was_set() throws Exception {
        start(Map.of("KIS_API_CIRCUIT_BREAKER_THRESHOLD", "2", "KIS_API_CIRCUIT_BREAKER_TIMEOUT", "2s"));
        fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"" + PRICES + "\",\"for\":\"5m\"}}");
        askUntilNothingIsSent(PRICES);
        fault("{\"clear\":true}");
        // Half-open: questions are tried, and their answers are good.
        until(() -> get("/v1/quotes/096770").statusCode() == 200);
    }

    @Test
    @Requirement(value = "P-07", clause = "source")
    @Requirement("P-06")
    void the_data_source_mock_is_the_simulator_whatever_credentials_there_are() throws Exception {
        start(Map.of("DATA_SOURCE_TYPE", "mock", "KIS_APP_KEY", KEY, "KIS_APP_SECRET", SECRET));
        assertThat(json("/v1/session/status").get("mode").stringValue()).isEqualTo("sim");
        assertThat(get("/v1/quotes/005930").statusCode()).isEqualTo(200);
        assertThat(calls("tokenP")).isEqualTo(1);
    }

    private void askUntilNothingIsSent(String path) throws Exception {
        var symbols = List.of("000660", "035720", "051910", "068270", "207940", "006400", "105560", "012330");
        for (int round = 0; round < 8; round++) {
            long before = calls(path);
            get("/v1/quotes/" + symbols.get(round));
            if (calls(path) == before) {
                return;
            }
        }
        throw new AssertionError("every quote reached the broker");
    }

    private void start(Map<String, String> variables) throws Exception {
        start(variables, InstantSource.system().instant(), 0);
    }

    /** @param now the moment at which its clock starts */
    private void start(Map<String, String> variables, Instant now, int simulatorPort) throws Exception {
        var loaded = SettingsLoader.load(
                List.of(
                        "--port=0",
                        "--simulator-port=" + simulatorPort,
                        "--simulator-clock=open-fixed",
                        "--simulator-seed=7"),
                variables,
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        assertThat(loaded).isInstanceOf(SettingsResult.Loaded.class);
        Duration ahead = Duration.between(InstantSource.system().instant(), now);
        gateway = Wiring.start(
                ((SettingsResult.Loaded) loaded).settings(),
                new SteadyClock(InstantSource.offset(InstantSource.system(), ahead), System::nanoTime),
                new SecureRandom());
        until(() -> json("/v1/session/live-readiness").get("can_trade").booleanValue());
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

    private long calls(String path) throws Exception {
        var state = mapper.readTree(client.send(
                        HttpRequest.newBuilder(simulator("/simulator/state")).build(), BodyHandlers.ofString())
                .body());
        long calls = 0;
        for (var call : state.get("calls").properties()) {
            calls += call.getKey().endsWith(path) ? call.getValue().longValue() : 0;
        }
        return calls;
    }

    private URI simulator(String path) {
        return URI.create("http://127.0.0.1:" + gateway.simulatorPort().orElseThrow() + path);
    }

    private JsonNode json(String path) throws Exception {
        return mapper.readTree(get(path).body());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(gateway.base().resolve(path)).build(), BodyHandlers.ofString());
    }

    private interface Check {
        boolean holds() throws Exception;
    }

    private static void until(Check check) throws Exception {
        var never = new CountDownLatch(1);
        for (var left = Duration.ofSeconds(30); !check.holds(); left = left.minusMillis(20)) {
            assertThat(left).isPositive();
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
    }
}
