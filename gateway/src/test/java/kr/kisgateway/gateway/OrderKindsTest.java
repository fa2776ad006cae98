package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Orders of every type, session, time in force and venue on a day by the exchanges' hours, from the API to the simulator. */
@Tag("slow")
class OrderKindsTest {
    private static final String SAMSUNG = "005930";
    private static final String DATE = "2026-11-20T";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private MarketDay day;
    private GatewayFixture gateway;
    private long keys;

    @BeforeEach
    void start() {
        day = MarketDay.at(folder, DATE + "10:00:00", Map.of("RISK_REFUSE_SELF_CROSS", "false"));
        gateway = day.gateway();
    }

    @AfterEach
    void stop() {
        day.close();
    }

    private void until(String time) {
        day.jumpTo(DATE + time);
        gateway.awaitReady();
    }

    private long last() {
        return gateway.json("/v1/quotes/" + SAMSUNG).path("price").asLong();
    }

    /** A price on the tick, some percent away from the last. */
    private long price(int percent) {
        long price = last() * (100 + percent) / 100;
        return price - price % 500;
    }

    private JsonNode place(String fields) {
        var answer = gateway.send("POST", "/v1/orders", body(fields), "Idempotency-Key", "k" + keys++);
        assertThat(answer.statusCode()).as("%s: %s", fields, answer.body()).isEqualTo(200);
        return gateway.tree(answer);
    }

    private JsonNode refused(String fields) {
        var answer = gateway.send("POST", "/v1/orders", body(fields), "Idempotency-Key", "k" + keys++);
        assertThat(answer.statusCode()).as("%s: %s", fields, answer.body()).isEqualTo(400);
        return gateway.tree(answer);
    }

    private static String body(String fields) {
        return "{\"account_id\":\"A1\",\"symbol\":\"" + SAMSUNG + "\",\"side\":\"BUY\",\"qty\":2," + fields + "}";
    }

    private JsonNode awaitStatus(String id, String... statuses) {
        Await.until(
                "order " + id + " is " + String.join(" or ", statuses),
                () -> List.of(statuses).contains(order(id).path("status").asString()));
        return order(id);
    }

    private JsonNode order(String id) {
        return gateway.json("/v1/orders/" + id);
    }

    private String id(JsonNode accepted) {
        return accepted.path("order_id").asString();
    }

    @Test
    void every_type_and_time_in_force_of_the_regular_session_ends_or_rests_as_the_exchange_rules() {
        record Expected(String fields, List<String> statuses) {}
        var kinds = new ArrayList<Expected>();
        String far = ",\"price\":" + price(-10);
        for (String venue : List.of("KRX", "NXT", "SOR")) {
            String at = ",\"venue\":\"" + venue + "\"";
            kinds.add(new Expected("\"order_type\":\"LIMIT\"" + far + at, List.of("SENT")));
            kinds.add(
                    new Expected("\"order_type\":\"limit\",\"time_in_force\":\"ioc\"" + far + at, List.of("CANCELED")));
            kinds.add(
                    new Expected("\"order_type\":\"LIMIT\",\"time_in_force\":\"FOK\"" + far + at, List.of("CANCELED")));
            kinds.add(new Expected(
                    "\"order_type\":\"MARKET\",\"time_in_force\":\"FOK\"" + at, List.of("FILLED", "CANCELED")));
            kinds.add(new Expected(
                    "\"order_type\":\"BEST\",\"time_in_force\":\"IOC\"" + at, List.of("FILLED", "CANCELED")));
            kinds.add(new Expected("\"order_type\":\"BEST\"" + at, List.of("FILLED", "PARTIAL_FILLED", "SENT")));
            kinds.add(new Expected("\"order_type\":\"TOP\"" + at, List.of("FILLED", "PARTIAL_FILLED", "SENT")));
            if (!venue.equals("SOR")) {
                kinds.add(new Expected("\"order_type\":\"MID\"" + at, List.of("FILLED", "PARTIAL_FILLED", "SENT")));
                kinds.add(new Expected(
                        "\"order_type\":\"STOP_LIMIT\",\"stop_price\":" + price(20) + ",\"price\":" + price(20) + at,
                        List.of("SENT")));
            }
        }
        kinds.add(new Expected("\"order_type\":\"CONDITIONAL\"" + far, List.of("SENT")));
        kinds.add(new Expected("\"order_type\":\"MARKET\",\"venue\":\"SOR\"", List.of("FILLED")));

        for (Expected kind : kinds) {
            String id = id(place(kind.fields()));
            var order = awaitStatus(id, kind.statuses().toArray(String[]::new));
            var asked = JSON.readTree("{" + kind.fields() + "}");
            assertThat(order.path("order_type").asString())
                    .isEqualToIgnoringCase(asked.path("order_type").asString());
            assertThat(order.path("time_in_force").asString())
                    .isEqualToIgnoringCase(asked.path("time_in_force").asString("DAY"));
            assertThat(order.path("venue").asString())
                    .isEqualTo(asked.path("venue").asString("KRX"));
            assertThat(order.path("stop_price").asLong(0))
                    .isEqualTo(asked.path("stop_price").asLong(0));
        }
        var report = gateway.tree(gateway.operate("POST", "/v1/orders/reconcile", "{}"));
        assertThat(report.path("mismatched").asLong(-1)).as("%s", report).isZero();
        assertThat(gateway.alerts("request_in_doubt")).isEmpty();
        assertThat(gateway.json("/v1/orders?limit=100").path("orders").valueStream())
                .allMatch(order -> !order.path("external").asBoolean());
    }

    @Test
    void orders_of_both_venues_are_repriced_reduced_and_cancelled_under_their_own_division() {
        for (String fields : List.of(
                "\"order_type\":\"LIMIT\",\"venue\":\"NXT\",\"price\":",
                "\"order_type\":\"LIMIT\",\"venue\":\"SOR\",\"price\":",
                "\"order_type\":\"CONDITIONAL\",\"price\":",
                "\"order_type\":\"STOP_LIMIT\",\"venue\":\"NXT\",\"stop_price\":" + price(20) + ",\"price\":")) {
            long second = price(-9);
            String id = id(place(fields + price(-10)));
            awaitStatus(id, "SENT");
            gateway.send("POST", "/v1/orders/" + id + "/modify", "{\"qty\":1,\"price\":" + second + "}");
            Await.until(
                    "the new terms of " + fields,
                    () -> order(id).path("qty").asLong() == 1
                            && order(id).path("price").asLong() == second
                            && order(id).path("status").asString().equals("SENT"));
            gateway.send("POST", "/v1/orders/" + id + "/cancel", "{}");
            awaitStatus(id, "CANCELED");
        }
    }

    @Test
    void an_order_that_shall_grow_is_replaced_by_another_once_its_cancel_is_proven() {
        String id = id(place("\"order_type\":\"LIMIT\",\"venue\":\"NXT\",\"price\":" + price(-10)));
        awaitStatus(id, "SENT");
        var refused = gateway.send("POST", "/v1/orders/" + id + "/modify", "{\"qty\":5}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(gateway.tree(refused).path("details").path("replace").asBoolean())
                .isTrue();
        var accepted = gateway.send(
                "POST", "/v1/orders/" + id + "/modify", "{\"qty\":5,\"replace\":true}", "Idempotency-Key", "grow");
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(200);
        var original = awaitStatus(id, "CANCELED");
        String successor = original.path("replaced_by").asString();
        Await.until(
                "the other order rests",
                () -> order(successor).path("status").asString().equals("SENT"));
        var order = order(successor);
        assertThat(order.path("qty").asLong()).isEqualTo(5);
        assertThat(order.path("venue").asString()).isEqualTo("NXT");
        assertThat(order.path("replaces").asString()).isEqualTo(id);
        assertThat(order.path("by").asString()).isEqualTo(original.path("by").asString());
        var again = gateway.send(
                "POST", "/v1/orders/" + id + "/modify", "{\"qty\":5,\"replace\":true}", "Idempotency-Key", "grow");
        assertThat(again.headers().firstValue("Idempotent-Replay")).contains("true");
        assertThat(gateway.json("/v1/orders?limit=100").path("orders")).hasSize(2);
    }

    @Test
    void a_combination_that_does_not_exist_names_the_nearest_and_makes_no_call() {
        long before = gateway.brokerCalls("order-cash");
        var refusal = refused("\"order_type\":\"MARKET\",\"venue\":\"NXT\"");
        assertThat(refusal.path("code").asString()).isEqualTo("INVALID_ORDER_TYPE");
        assertThat(refusal.path("details")
                        .path("nearest")
                        .path(0)
                        .path("order_type")
                        .asString())
                .isEqualTo("MARKET");
        assertThat(refusal.at("/details/field").asString()).isEqualTo("time_in_force");
        assertThat(refusal.at("/details/allowed").toString()).isEqualTo("[\"IOC\",\"FOK\"]");
        assertThat(refused("\"order_type\":\"MID\",\"session\":\"AFTER_MARKET\"")
                        .path("code")
                        .asString())
                .isEqualTo("INVALID_ORDER_TYPE");
        assertThat(refused("\"order_type\":\"LIMITT\",\"price\":1000")
                        .path("details")
                        .path("suggestion")
                        .asString())
                .isEqualTo("LIMIT");
        assertThat(refused("\"order_type\":\"STOP_LIMIT\",\"price\":" + price(0))
                        .path("code")
                        .asString())
                .isEqualTo("INVALID_PRICE");
        assertThat(refused("\"order_type\":\"LIMIT\",\"stop_price\":1000,\"price\":" + price(0))
                        .path("code")
                        .asString())
                .isEqualTo("INVALID_PRICE");
        assertThat(refused("\"order_type\":\"BEST\",\"price\":" + price(0))
                        .path("code")
                        .asString())
                .isEqualTo("PRICE_NOT_ALLOWED_FOR_MARKET");
        assertThat(refused("\"order_type\":\"CONDITIONAL\"").path("code").asString())
                .isEqualTo("PRICE_REQUIRED_FOR_LIMIT");
        assertThat(refused("\"order_type\":\"LIMIT\",\"session\":\"AFTER_MARKET\",\"price\":" + price(0))
                        .path("code")
                        .asString())
                .isEqualTo("OUT_OF_TRADING_WINDOW");
        assertThat(gateway.brokerCalls("order-cash")).isEqualTo(before);
    }

    @Test
    @Requirement(value = "G-15", clause = "window")
    void an_order_of_krx_ends_with_the_close_and_one_of_nxt_trades_on() {
        String krx = id(place("\"order_type\":\"LIMIT\",\"price\":" + price(-10)));
        String nxt = id(place("\"order_type\":\"LIMIT\",\"venue\":\"NXT\",\"price\":" + price(-10)));
        awaitStatus(krx, "SENT");
        awaitStatus(nxt, "SENT");
        until("15:32:00");
        awaitStatus(krx, "EXPIRED");
        assertThat(order(nxt).path("status").asString()).isEqualTo("SENT");

        until("15:41:00");
        String close = id(place("\"order_type\":\"CLOSE_PRICE\""));
        assertThat(order(close).path("session").asString()).isEqualTo("AFTER_HOURS");
        awaitStatus(close, "SENT", "FILLED");
        until("16:05:00");
        awaitStatus(close, "EXPIRED", "FILLED");
        String after = id(place("\"order_type\":\"LIMIT\",\"session\":\"AFTER_MARKET\",\"price\":" + price(-10)));
        awaitStatus(after, "SENT");
        assertThat(refused("\"order_type\":\"LIMIT\",\"price\":" + price(-10))
                        .path("code")
                        .asString())
                .isEqualTo("OUT_OF_TRADING_WINDOW");
        assertThat(order(nxt).path("status").asString()).isEqualTo("SENT");
        until("20:01:30");
        awaitStatus(after, "EXPIRED");
        awaitStatus(nxt, "EXPIRED");
    }

    @Test
    void the_documented_order_is_accepted() throws IOException {
        var page = Files.readString(Path.of("..", "docs", "ORDERS.md"));
        var example = page.substring(page.indexOf("<!-- this example is sent by OrderKindsTest -->"));
        var body = example.substring(example.indexOf("-d '") + 4, example.indexOf("}'") + 1);
        var answer = gateway.send("POST", "/v1/orders", body, "Idempotency-Key", "best-1");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(awaitStatus(id(gateway.tree(answer)), "FILLED", "CANCELED")
                        .path("venue")
                        .asString())
                .isEqualTo("SOR");
    }

    @Test
    void an_order_whose_answer_was_lost_is_found_on_its_venue() {
        gateway.fault("{\"lose_answers\":1}");
        String id = id(place("\"order_type\":\"LIMIT\",\"venue\":\"NXT\",\"price\":" + price(-10)));
        var order = awaitStatus(id, "SENT");
        assertThat(order.path("kis_order_no").asString()).isNotEmpty();
        assertThat(gateway.alerts("request_in_doubt")).hasSize(1);
    }
}
