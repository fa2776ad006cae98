package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Parent orders that wait for a price which KIS does not push any more. */
@Tag("slow")
class StrategyPricesTest {
    private static final String SAMSUNG = "005930";
    private static final long STEP = 1_000;
    private static final Duration OVERDUE = Duration.ofSeconds(31);

    @TempDir
    private Path folder;

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private KisSimulator simulator;
    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        InstantSource clock = () -> Instant.now().plus(ahead.get());
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new OpenCalendar(), clock)
                .withRates(1_000, 1_000)
                .withSynchronous("OFF"));
        gateway = GatewayFixture.startInTime(
                folder,
                simulator.restBase(),
                ahead,
                Map.of(
                        "SIMULATOR_URL", simulator.restBase().toString(),
                        "SIMULATOR_CLOCK", "open",
                        "SIMULATOR_RATE_LIMIT", "1000",
                        "KIS_ENV", "sim"));
        gateway.awaitReady();
    }

    @AfterEach
    void stop() {
        gateway.close();
        simulator.close();
    }

    private String waitsFor(long price) {
        var answer = gateway.send(
                "POST",
                "/v1/parents",
                "{\"kind\":\"CONDITIONAL\",\"order\":{\"account_id\":\"A1\",\"symbol\":\"" + SAMSUNG
                        + "\",\"side\":\"BUY\",\"qty\":1},\"when\":{\"direction\":\"AT_OR_BELOW\",\"price\":" + price
                        + "}}",
                "Idempotency-Key",
                "prices");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return gateway.tree(answer).path("parent_id").asString();
    }

    private void awaitPushed() {
        Await.until(
                "KIS pushes the price",
                () -> gateway.json("/v1/quotes/" + SAMSUNG)
                        .path("source")
                        .asString()
                        .equals("kis-ws"));
    }

    private long price(long steps) {
        return gateway.json("/v1/quotes/" + SAMSUNG).path("price").asLong() / STEP * STEP + steps * STEP;
    }

    @Test
    void a_price_that_comes_from_no_source_is_an_urgent_alert_until_one_comes() {
        String id = waitsFor(price(-9));
        awaitPushed();
        gateway.fault("{\"query_errors\":{\"count\":100000,\"path\":\"quotations\"},\"stop_data\":true}");
        gateway.jump(OVERDUE);
        Await.until("an alert", () -> gateway.alert("parent_prices_missing").isPresent());
        JsonNode alert = gateway.alert("parent_prices_missing").orElseThrow();
        assertThat(alert.path("level").asString()).isEqualTo("P1");
        assertThat(alert.path("message").asString()).contains(SAMSUNG).contains(id);
        assertThat(alert.path("settled_at").isNull()).isTrue();

        gateway.fault("{\"clear\":true}");
        Await.until(
                "it is over",
                () -> !gateway.alert("parent_prices_missing")
                        .orElseThrow()
                        .path("settled_at")
                        .isNull());
    }

    @Test
    void a_price_that_a_silent_feed_does_not_push_is_requested_and_triggers() {
        String id = waitsFor(price(-2));
        awaitPushed();
        gateway.fault("{\"stop_data\":true}");
        gateway.setMarket("{\"move\":\"" + SAMSUNG + "\",\"to\":" + price(-3) + "}");
        for (int i = 0; i < 10 && !isTriggered(id); i++) {
            long before = gateway.brokerCalls("inquire-price");
            gateway.jump(OVERDUE);
            Await.until(
                    "the price is requested", () -> isTriggered(id) || gateway.brokerCalls("inquire-price") > before);
        }
        Await.until("it is triggered", () -> isTriggered(id));
        assertThat(gateway.alert("parent_prices_missing")).isEmpty();
    }

    private boolean isTriggered(String id) {
        return !gateway.json("/v1/parents/" + id).at("/legs/0/order_id").isNull();
    }
}
