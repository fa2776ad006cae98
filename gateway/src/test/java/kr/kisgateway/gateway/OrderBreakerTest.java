package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The circuit breaker of orders on a whole gateway, against a simulator that takes orders and does not answer. */
@Tag("slow")
class OrderBreakerTest {
    private static final String ORDERS = "order-cash";
    private static final int THRESHOLD = 3;

    @TempDir
    private Path folder;

    private GatewayFixture gateway;
    private long price;
    private int orders;

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"refuse_connections", "unavailable_before", "server_errors_before", "unanswered_before"})
    @Requirement(value = "A-08", clause = "gateway")
    void an_open_breaker_delays_an_order_without_costing_an_attempt(String outage) {
        start("10m");
        String resting = place(5_000);
        await(resting, "SENT");
        open(outage);
        long sent = gateway.brokerCalls(ORDERS);

        String waiting = place(1_500);
        await(waiting, "EXPIRED");
        var expired = gateway.json("/v1/orders/" + waiting);
        assertThat(expired.get("reason").stringValue()).startsWith("NOT_SENT: KIS gave no usable answers");
        assertThat(gateway.json("/v1/orders/" + waiting + "/state")
                        .get("attempts")
                        .intValue())
                .isZero();
        assertThat(gateway.brokerCalls(ORDERS)).isEqualTo(sent);
        assertThat(gateway.json("/v1/alerts").toString()).contains("orders_suspended");

        // Cancels pass, and so does the daily list that resolves requests in doubt.
        var canceled = post("/v1/orders/" + resting + "/cancel", "");
        assertThat(canceled.statusCode()).as(canceled.body()).isEqualTo(200);
        await(resting, "CANCELED");
        gateway.fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"inquire-balance\",\"for\":\"5m\"}}");
        for (int i = 0; i < THRESHOLD; i++) {
            gateway.get("/v1/balances?account_id=A1");
        }
        var reconciled = gateway.operate("POST", "/v1/orders/reconcile", "");
        assertThat(reconciled.statusCode()).as(reconciled.body()).isEqualTo(200);
    }

    @Test
    @Requirement(value = "A-08", clause = "gateway")
    void delayed_orders_are_sent_by_the_half_open_breaker_and_their_answers_close_it() {
        start("2s");
        open("unavailable_before");
        gateway.fault("{\"clear\":true}");
        var waiting = new ArrayList<String>();
        for (int i = 0; i < 7; i++) {
            waiting.add(place(20_000));
        }
        for (String order : waiting) {
            await(order, "SENT");
            assertThat(gateway.json("/v1/orders/" + order + "/state")
                            .get("attempts")
                            .intValue())
                    .isEqualTo(1);
        }
        var suspended = gateway.json("/v1/alerts")
                .get("alerts")
                .valueStream()
                .filter(it -> it.get("event").stringValue().equals("orders_suspended"))
                .findFirst();
        assertThat(suspended)
                .hasValueSatisfying(it -> assertThat(it.get("settled_at").isString())
                        .as("orders are sent again")
                        .isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "queries"})
    void failing_overseas_calls_stop_no_korean_order(String failing) {
        start("10m");
        gateway.fault(
                "{\"server_errors_before\":{\"on\":\"" + failing + "\",\"path\":\"overseas-stock\",\"for\":\"10m\"}}");
        int answered = 0;
        for (int i = 0; i < 2 * THRESHOLD; i++) {
            var us = gateway.send(
                    "POST",
                    "/v1/orders",
                    "{\"account_id\":\"A1\",\"symbol\":\"AAPL.NASD\",\"side\":\"BUY\",\"qty\":" + (i + 1)
                            + ",\"price\":150}",
                    "Idempotency-Key",
                    "us-" + i);
            answered += us.statusCode() == 200 ? 1 : 0;
            gateway.get("/v1/balances?account_id=A1&market=us");
        }
        assertThat(answered).isEqualTo(failing.equals("orders") ? 2 * THRESHOLD : 0);
        assertThat(gateway.get("/v1/balances?account_id=A1").statusCode()).isEqualTo(200);
        await(place(5_000), "SENT");
        assertThat(gateway.json("/v1/alerts").toString()).doesNotContain("orders_suspended");
    }

    @Test
    @Requirement(value = "A-10", clause = "backoff")
    void a_query_without_a_usable_answer_is_retried_after_one_second_and_then_two() {
        start("10m", Map.of("KIS_API_CIRCUIT_BREAKER_THRESHOLD", "100"));
        String path = "inquire-daily-itemchartprice";
        gateway.fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"" + path + "\",\"count\":2}}");
        long before = gateway.brokerCalls(path);
        long startNanos = System.nanoTime();
        var answer = post("/v1/bars/batch", "{\"symbols\":[\"000660\"],\"period\":\"D\",\"limit\":1}");
        assertThat(answer.body()).contains("\"succeeded\":1");
        assertThat(gateway.brokerCalls(path) - before).isGreaterThanOrEqualTo(3);
        // Each pause is shortened by up to a quarter.
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThan(Duration.ofMillis(2_250));
    }

    /** As many orders as open the breaker, and one more where the first were still in flight. */
    private void open(String outage) {
        gateway.fault("{\"" + outage + "\":{\"on\":\"orders\",\"for\":\"10m\"}}");
        var lost = new ArrayList<String>();
        for (int i = 0; i < THRESHOLD; i++) {
            lost.add(place(20_000));
        }
        for (String order : lost) {
            await(order, "UNKNOWN");
        }
    }

    private String place(long dispatchMillis) {
        orders++;
        String by = Instant.now().plusMillis(dispatchMillis).toString();
        var body = "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":" + orders + ",\"price\":"
                + price + ",\"dispatch_by\":\"" + by + "\"}";
        var placed = post("/v1/orders", body);
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(200);
        return gateway.tree(placed).get("order_id").stringValue();
    }

    private void await(String order, String status) {
        Await.until(
                order + " is " + status,
                () -> gateway.json("/v1/orders/" + order)
                        .get("status")
                        .stringValue()
                        .equals(status));
    }

    private void start(String open) {
        start(open, Map.of());
    }

    private void start(String open, Map<String, String> further) {
        var variables = new HashMap<>(
                Map.of("KIS_API_CIRCUIT_BREAKER_THRESHOLD", "" + THRESHOLD, "KIS_API_CIRCUIT_BREAKER_TIMEOUT", open));
        variables.putAll(further);
        gateway = GatewayFixture.start(folder, Duration.ZERO, variables);
        gateway.awaitReady();
        price = gateway.json("/v1/quotes/005930").get("price").longValue() * 8 / 10 / 1_000 * 1_000;
    }

    private HttpResponse<String> post(String path, String body) {
        return gateway.send("POST", path, body, "Idempotency-Key", path + orders);
    }
}
