package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Map;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** How long the answers of each TR are served, by the clock of the gateway and its simulator. */
@Tag("slow")
class AegisCacheTest {
    private static final String DAYS = "inquire-daily-itemchartprice";
    private static final String MINUTES = "chartprice";

    private MarketDay day;
    private GatewayFixture gateway;

    @BeforeEach
    void start(@TempDir Path folder) {
        day = MarketDay.at(folder, "2026-11-18T10:00:00", Map.of());
        gateway = day.gateway();
    }

    @AfterEach
    void stop() {
        day.close();
    }

    private JsonNode data(String tr) {
        var answer = gateway.get("/api/v3.1/tr/" + tr);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return gateway.tree(answer).path("data");
    }

    @Test
    @Requirement(value = "A-28", clause = "price")
    void a_price_is_served_for_a_second() {
        data("t1101?shcode=035720");
        long calls = gateway.brokerCalls("inquire-price");
        double[] oldest = {0};
        Await.until("the price is requested again", () -> {
            double age = data("t1101?shcode=035720").path("freshness_sec").asDouble(-1);
            boolean again = gateway.brokerCalls("inquire-price") > calls;
            oldest[0] = again ? oldest[0] : Math.max(oldest[0], age);
            return again;
        });
        assertThat(oldest[0]).as("seconds that an answer was served").isBetween(0.01, 1.1);
    }

    @Test
    @Requirement(value = "A-28", clause = "periods")
    void prices_of_periods_are_served_for_half_an_hour_to_all_versions() {
        assertServedFor(Duration.ofMinutes(30), DAYS, "t1305?shcode=035720&cnt=5");
    }

    @Test
    @Requirement(value = "A-28", clause = "chart")
    void a_chart_is_served_for_five_minutes_to_all_versions() {
        assertServedFor(Duration.ofMinutes(5), MINUTES, "t8412?shcode=035720&ncnt=5&qrycnt=5");
    }

    private void assertServedFor(Duration life, String path, String tr) {
        var first = data(tr);
        long calls = gateway.brokerCalls(path);
        gateway.jump(life.minusSeconds(60)); // the calls of this test may take some seconds
        assertThat(data(tr)).isEqualTo(first);
        assertThat(gateway.tree(gateway.get("/api/v3.0/tr/" + tr)).path("data")).isEqualTo(first);
        assertThat(gateway.brokerCalls(path)).isEqualTo(calls);

        gateway.jump(Duration.ofSeconds(60));
        assertThat(data(tr).path("as_of_ms").asLong())
                .isGreaterThan(first.path("as_of_ms").asLong());
        assertThat(gateway.brokerCalls(path)).isGreaterThan(calls);
    }

    @Test
    void a_period_is_requested_again_when_the_market_has_closed() {
        gateway.jump(Duration.between(LocalTime.of(10, 0), LocalTime.of(15, 29)));
        var before = data("t1305?shcode=035720&cnt=5");
        gateway.jump(Duration.ofMinutes(2));
        var after = data("t1305?shcode=035720&cnt=5");
        assertThat(after.path("as_of_ms").asLong())
                .isGreaterThan(before.path("as_of_ms").asLong());
    }

    @Test
    @Requirement(value = "A-28", clause = "codes")
    void periods_that_arrived_in_part_are_in_progress_and_not_kept() {
        data("t1305?shcode=035720&cnt=5");
        gateway.fault("{\"refuse_connections\":{\"on\":\"queries\",\"path\":\"" + DAYS + "\",\"count\":100}}");
        assertThat(gateway.json("/v1/bars/035720?period=D&to=2026-11-17&limit=300")
                        .path("bars")
                        .size())
                .as("a part")
                .isBetween(5, 299);
        var partial = gateway.get("/api/v3.1/tr/t1305?shcode=035720&date=20261117&cnt=300");
        assertThat(partial.statusCode()).as(partial.body()).isEqualTo(504);
        assertThat(gateway.tree(partial).path("rsp_cd").asString("")).isEqualTo("9");

        gateway.fault("{\"clear\":true}");
        Await.until(
                "all periods are answered",
                () -> gateway.tree(gateway.get("/api/v3.1/tr/t1305?shcode=035720&date=20261117&cnt=300"))
                                .at("/data/list")
                                .size()
                        == 300);
    }
}
