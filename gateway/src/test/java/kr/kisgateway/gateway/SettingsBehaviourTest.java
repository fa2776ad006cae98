package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of the calls to KIS, each changed on a whole gateway; the simulator shows the effect. */
@Requirement("P-07")
@Tag("slow")
class SettingsBehaviourTest {
    private static final String KEY = "PSKEYSKEYSKEYSKEYSKEYSKEYSKEYSKEYSKE";
    private static final String SECRET = "secret-value-that-nobody-may-ever-see";
    private static final String PRICES = "inquire-price";
    private static final List<String> SYMBOLS =
            List.of("000660", "035720", "051910", "068270", "207940", "006400", "105560", "012330");

    @TempDir
    private Path folder;

    private GatewayFixture gateway;

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    @Requirement(value = "P-07", clause = "queue")
    void a_quote_waits_for_the_call_budget_no_longer_than_the_queue_timeout() {
        start(Map.of("KIS_API_RATE_LIMIT", "1", "KIS_API_QUEUE_TIMEOUT", "100ms"));
        var answers = new ArrayList<HttpResponse<String>>();
        for (String symbol : List.of("000660", "035720", "051910", "068270")) {
            answers.add(gateway.get("/v1/quotes/" + symbol));
        }
        assertThat(answers).anySatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("QUEUE_TIMEOUT");
        });
    }

    @Test
    @Requirement(value = "P-07", clause = "rate")
    void the_configured_rate_limits_calls() {
        start(Map.of("KIS_API_RATE_LIMIT", "3"));
        var budget = gateway.json("/v1/session/status").get("app_keys").get(0).get("budget");
        assertThat(budget.get("limit").intValue()).isEqualTo(3);
        long started = System.nanoTime();
        long before = gateway.brokerCalls(PRICES);
        for (String symbol : SYMBOLS) {
            assertThat(gateway.get("/v1/quotes/" + symbol).statusCode()).isEqualTo(200);
        }
        assertThat(gateway.brokerCalls(PRICES) - before).isEqualTo(8);
        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .as("eight calls, three a second")
                .isGreaterThan(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @CsvSource({"standard, 10", "pipeline, 5"})
    @Requirement(value = "P-03", clause = "profile")
    void the_profile_sets_how_many_failures_open_the_breaker(String profile, int failures) {
        start(Map.of("KIS_HTTP_PROFILE", profile));
        gateway.fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"" + PRICES + "\",\"for\":\"5m\"}}");
        long before = gateway.brokerCalls(PRICES);
        requestUntilNothingIsSent(PRICES);
        assertThat(gateway.brokerCalls(PRICES) - before).isEqualTo(failures);
    }

    @Test
    @Requirement(value = "A-14", clause = "rotation")
    void a_token_is_rotated_at_the_configured_age() {
        Instant morning = Instant.parse("2026-11-20T00:30:00Z");
        start(Map.of("TOKEN_ROTATION", "6h"), morning, 0);
        int simulator = gateway.gateway().simulatorPort().orElseThrow(); // a token belongs to one address
        gateway.close();
        start(Map.of("TOKEN_ROTATION", "6h"), morning.plus(Duration.ofHours(6)).minusSeconds(15), simulator);
        assertThat(gateway.brokerCalls("tokenP"))
                .as("the stored one is young enough")
                .isZero();
        Await.until(() -> gateway.brokerCalls("tokenP") == 1);
        gateway.close();
        start(Map.of(), morning.plus(Duration.ofHours(13)), simulator);
        assertThat(gateway.brokerCalls("tokenP"))
                .as("by default a token of seven hours is still used")
                .isZero();
    }

    @Requirement(value = "P-07", clause = "threshold")
    @ParameterizedTest
    @CsvSource({"2", "4"})
    void a_breaker_opens_after_the_configured_number_of_failures(int threshold) {
        start(Map.of("KIS_API_CIRCUIT_BREAKER_THRESHOLD", "" + threshold, "KIS_API_CIRCUIT_BREAKER_TIMEOUT", "10m"));
        gateway.fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"" + PRICES + "\",\"for\":\"5m\"}}");
        long before = gateway.brokerCalls(PRICES);
        requestUntilNothingIsSent(PRICES);
        assertThat(gateway.brokerCalls(PRICES) - before).isEqualTo(threshold);
    }

    @Test
    @Requirement(value = "P-07", clause = "open-time")
    @Requirement(value = "P-03", clause = "half-open")
    void a_breaker_stays_open_for_the_configured_time() {
        start(Map.of("KIS_API_CIRCUIT_BREAKER_THRESHOLD", "2", "KIS_API_CIRCUIT_BREAKER_TIMEOUT", "6s"));
        gateway.fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"" + PRICES + "\",\"for\":\"5m\"}}");
        requestUntilNothingIsSent(PRICES);
        long opened = System.nanoTime();
        gateway.fault("{\"clear\":true}");
        // Half-open: queries are tried, and their answers are used.
        Await.until(() -> gateway.get("/v1/quotes/096770").statusCode() == 200);
        assertThat(Duration.ofNanos(System.nanoTime() - opened))
                .as("six seconds, less what passed since it opened; by default thirty")
                .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(25));
    }

    @Test
    @Requirement(value = "P-07", clause = "source")
    @Requirement("P-06")
    void the_data_source_mock_is_the_simulator_whatever_the_credentials() {
        start(Map.of("DATA_SOURCE_TYPE", "mock", "KIS_APP_KEY", KEY, "KIS_APP_SECRET", SECRET));
        assertThat(gateway.json("/v1/session/status").get("mode").stringValue()).isEqualTo("sim");
        assertThat(gateway.get("/v1/quotes/005930").statusCode()).isEqualTo(200);
        assertThat(gateway.brokerCalls("tokenP")).isEqualTo(1);
    }

    private void requestUntilNothingIsSent(String path) {
        for (String symbol : SYMBOLS) {
            long before = gateway.brokerCalls(path);
            gateway.get("/v1/quotes/" + symbol);
            if (gateway.brokerCalls(path) == before) {
                return;
            }
        }
        throw new AssertionError("every quote reached the broker");
    }

    private void start(Map<String, String> variables) {
        start(variables, InstantSource.system().instant(), 0);
    }

    /** @param now the moment at which its clock starts */
    private void start(Map<String, String> variables, Instant now, int simulatorPort) {
        gateway = GatewayFixture.start(
                folder,
                Duration.between(InstantSource.system().instant(), now),
                variables,
                "--simulator-port=" + simulatorPort);
        gateway.awaitReady();
    }
}
