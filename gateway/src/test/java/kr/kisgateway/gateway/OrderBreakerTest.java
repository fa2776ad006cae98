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
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The circuit breaker of orders on a whole gateway, against a simulator that takes orders and does not answer. */
class OrderBreakerTest {
    private static final String ORDERS = "order-cash";
    private static final int THRESHOLD = 3;

    @TempDir
    private Path folder;

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private Gateway gateway;
    private long price;
    private int orders;

    @AfterEach
    void stop() {
        gateway.close();
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"refuse_connections", "unavailable_before", "server_errors_before", "unanswered_before"})
    @Requirement(value = "A-08", clause = "gateway")
    void an_order_waits_while_the_breaker_is_open_and_costs_no_attempt(String outage) throws Exception {
        start("10m");
        String resting = place(5_000);
        await(resting, "SENT");
        open(outage);
        long sent = calls(ORDERS);

        String waiting = place(1_500);
        await(waiting, "EXPIRED");
        var expired = json("/v1/orders/" + waiting);
        assertThat(expired.get("reason").stringValue()).startsWith("NOT_SENT: KIS gave no usable answers");
        assertThat(json("/v1/orders/" + waiting + "/state").get("attempts").intValue())
                .isZero();
        assertThat(calls(ORDERS)).isEqualTo(sent);
        assertThat(json("/v1/alerts").toString()).contains("orders_suspended");

        // What only takes away passes, and so does the list that says what became of those in doubt.
        assertThat(post("/v1/orders/" + resting + "/cancel", "").statusCode()).isEqualTo(200);
        await(resting, "CANCELED");
        fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"inquire-balance\",\"for\":\"5m\"}}");
        for (int i = 0; i < THRESHOLD; i++) {
            get("/v1/balances?account_id=A1");
        }
        assertThat(post("/v1/orders/reconcile", "").statusCode()).isEqualTo(200);
    }

    @Test
    @Requirement(value = "A-08", clause = "gateway")
    void orders_that_waited_are_sent_when_the_breaker_is_half_open_and_their_answers_close_it() throws Exception {
        start("2s");
        open("unavailable_before");
        fault("{\"clear\":true}");
        var waiting = new ArrayList<String>();
        for (int i = 0; i < 7; i++) {
            waiting.add(place(20_000));
        }
        for (String order : waiting) {
            await(order, "SENT");
            assertThat(json("/v1/orders/" + order + "/state").get("attempts").intValue())
                    .isEqualTo(1);
        }
        var suspended = json("/v1/alerts")
                .get("alerts")
                .valueStream()
                .filter(it -> it.get("event").stringValue().equals("orders_suspended"))
                .findFirst();
        assertThat(suspended)
                .hasValueSatisfying(it -> assertThat(it.get("settled_at").isString())
                        .as("orders are sent again")
                        .isTrue());
    }

    @Test
    @Requirement(value = "A-10", clause = "backoff")
    void a_question_without_a_usable_answer_is_asked_again_after_one_second_and_then_two() throws Exception {
        start("10m", Map.of("KIS_API_CIRCUIT_BREAKER_THRESHOLD", "100"));
        String path = "inquire-daily-itemchartprice";
        fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"" + path + "\",\"count\":2}}");
        long before = calls(path);
        long began = System.nanoTime();
        var answer = post("/v1/bars/batch", "{\"symbols\":[\"000660\"],\"period\":\"D\",\"limit\":1}");
        assertThat(answer.body()).contains("\"succeeded\":1");
        assertThat(calls(path) - before).isGreaterThanOrEqualTo(3);
        // Each pause is shortened by up to a quarter.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(2_250));
    }

    /** As many orders as open the breaker, and one more where the first were still on their way. */
    private void open(String outage) throws Exception {
        fault("{\"" + outage + "\":{\"on\":\"orders\",\"for\":\"10m\"}}");
        var lost = new ArrayList<String>();
        for (int i = 0; i < THRESHOLD; i++) {
            lost.add(place(20_000));
        }
        for (String order : lost) {
            await(order, "UNKNOWN");
        }
    }

    private String place(long dispatchMillis) throws Exception {
        orders++;
        String by = Instant.now().plusMillis(dispatchMillis).toString();
        var body = "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":" + orders + ",\"price\":"
                + price + ",\"dispatch_by\":\"" + by + "\"}";
        var placed = post("/v1/orders", body);
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(200);
        return mapper.readTree(placed.body()).get("order_id").stringValue();
    }

    private void await(String order, String status) throws Exception {
        until(
                () -> json("/v1/orders/" + order).get("status").stringValue().equals(status),
                () -> json("/v1/orders/" + order).toString());
    }

    private void start(String open) throws Exception {
        start(open, Map.of());
    }

    private void start(String open, Map<String, String> further) throws Exception {
        var variables = new HashMap<>(
                Map.of("KIS_API_CIRCUIT_BREAKER_THRESHOLD", "" + THRESHOLD, "KIS_API_CIRCUIT_BREAKER_TIMEOUT", open));
        variables.putAll(further);
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=open-fixed", "--simulator-seed=7"),
                variables,
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        gateway = Gateway.start(((SettingsResult.Loaded) loaded).settings());
        until(
                () -> json("/v1/session/live-readiness").get("can_trade").booleanValue(),
                () -> json("/v1/session/live-readiness").toString());
        price = json("/v1/quotes/005930").get("price").longValue() * 8 / 10 / 1_000 * 1_000;
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

    private HttpResponse<String> post(String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(gateway.base().resolve(path))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", path + orders)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private interface Check {
        boolean holds() throws Exception;
    }

    private interface Text {
        String now() throws Exception;
    }

    private static void until(Check check, Text instead) throws Exception {
        var never = new CountDownLatch(1);
        for (var left = Duration.ofSeconds(30); !check.holds(); left = left.minusMillis(20)) {
            assertThat(left).as(instead.now()).isPositive();
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
    }
}
