package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The answers of a whole gateway while the broker refuses for its call rate. */
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
@Tag("slow")
class RateRefusalTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String STORM = "{\"rate_limit_storm\":100000}";
    private static final String TOO_MANY = "{\"too_many_requests\":{\"on\":\"queries\",\"count\":100000}}";

    private GatewayFixture gateway;

    @BeforeEach
    void start(@TempDir Path folder) {
        gateway = GatewayFixture.start(folder, Duration.ZERO, Map.of("QUOTE_COOLDOWN", "1s"));
        gateway.awaitReady();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {STORM, TOO_MANY})
    @Requirement(value = "G-08", clause = "code")
    @Requirement(value = "G-08", clause = "retry-after")
    @Requirement(value = "G-08", clause = "cooldown")
    void a_rate_storm_answers_503_with_a_retry_time_and_costs_no_call_until_then(String storm) {
        gateway.fault(storm);
        HttpResponse<String> refused = gateway.get("/v1/quotes/035720");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(gateway.tree(refused).path("code").asString(""))
                .as(refused.body())
                .isEqualTo("REST_RATE_LIMIT_COOLDOWN");
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isEqualTo(1L);

        long callsBefore = priceCalls();
        assertThat(callsBefore).as("calls to the broker").isPositive();
        assertThat(gateway.get("/v1/quotes/035720").statusCode()).isEqualTo(503);
        assertThat(priceCalls()).as("no further calls during the pause").isEqualTo(callsBefore);

        gateway.fault("{\"clear\":true}");
        Await.until(
                "the quote is answered again",
                () -> gateway.get("/v1/quotes/035720").statusCode() == 200);
    }

    @Test
    @Requirement(value = "G-02", clause = "age")
    @Requirement(value = "G-08", clause = "cached")
    @Requirement(value = "G-13", clause = "age")
    void a_cached_price_is_returned_as_stale_with_its_age_while_the_broker_refuses() {
        JsonNode cachedQuote = gateway.json("/v1/quotes/000660");
        assertThat(cachedQuote.path("state").asString(""))
                .as(cachedQuote.toString())
                .isEqualTo("HEALTHY");
        gateway.fault(STORM);
        JsonNode stale = cachedQuote;
        long startNanos = System.nanoTime();
        while (!stale.path("state").asString("").equals("STALE")) {
            HttpResponse<String> answer = gateway.get("/v1/quotes/000660");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            stale = gateway.tree(answer);
            assertThat(System.nanoTime() - startNanos).as(answer.body()).isLessThan(LIMIT.toNanos());
        }
        assertThat(stale.path("price").asLong())
                .isEqualTo(cachedQuote.path("price").asLong());
        assertThat(stale.path("freshness_sec").asDouble()).isGreaterThanOrEqualTo(1);
        assertThat(stale.path("source").asString("")).isEqualTo("cache");
    }

    private long priceCalls() {
        return gateway.brokerCalls("/quotations/inquire-price");
    }
}
