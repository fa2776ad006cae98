package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Scheduled orders of a whole gateway: placed at their time by the same checks as all others, or not at all. */
@Tag("slow")
class ParentsTest {
    private static final String PARENTS = "/v1/parents";
    private static final String SAMSUNG = "005930";

    @TempDir
    Path folder;

    private GatewayFixture gateway;
    private int keys;

    @BeforeEach
    void start() {
        gateway = startGateway();
        gateway.awaitReady();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private GatewayFixture startGateway() {
        return GatewayFixture.start(
                folder.resolve("sim"),
                Map.of("KIS_ENV", "sim", "SIMULATOR_RATE_LIMIT", "5000", "SIMULATOR_CLOCK", "open-fixed"));
    }

    private long low() {
        gateway.json("/v1/quotes/" + SAMSUNG); // with it the limits of the day become known
        return gateway.json("/v1/instruments/" + SAMSUNG).path("lower_limit").asLong();
    }

    private static String order(long qty, String more) {
        return "{\"account_id\":\"A1\",\"symbol\":\"" + SAMSUNG + "\",\"side\":\"BUY\",\"qty\":" + qty + more + "}";
    }

    private static String body(Instant at, String more, String order) {
        return "{\"at\":\"" + at + "\"" + more + ",\"order\":" + order + "}";
    }

    private HttpResponse<String> create(String body, String key) {
        return gateway.send("POST", PARENTS, body, "Idempotency-Key", key);
    }

    /** The id of a new parent order. */
    private String created(Instant at, String more, String order) {
        var answer = create(body(at, more, order), "parents-test-" + ++keys);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        gateway.contract().check("POST", PARENTS, answer);
        return gateway.tree(answer).path("parent_id").asString("");
    }

    private JsonNode parent(String id) {
        return gateway.json(PARENTS + "/" + id);
    }

    private JsonNode await(String id, String status) {
        Await.until(
                "the parent order is " + status,
                () -> parent(id).path("status").asString("").equals(status));
        return parent(id);
    }

    private List<JsonNode> orders() {
        return gateway.json("/v1/orders").path("orders").valueStream().toList();
    }

    private String code(HttpResponse<String> answer) {
        return gateway.tree(answer).path("code").asString("");
    }

    private static Instant soon() {
        return Instant.now().plusSeconds(5);
    }

    private static Instant later() {
        return Instant.now().plusSeconds(3_600);
    }

    @Test
    void an_order_is_placed_at_its_time_and_not_before() {
        Instant at = Instant.now().plusSeconds(10);
        String id = created(at, "", order(3, ",\"strategy_id\":\"open\""));
        assertThat(parent(id).path("status").asString("")).isEqualTo("WAITING");
        assertThat(orders()).isEmpty();

        JsonNode ended = await(id, "COMPLETED");

        JsonNode order = gateway.json("/v1/orders/" + ended.path("order_id").asString(""));
        assertThat(order.path("status").asString("")).isEqualTo("FILLED");
        assertThat(order.path("filled_qty").asLong()).isEqualTo(3);
        assertThat(order.path("strategy_id").asString("")).isEqualTo("open");
        assertThat(order.path("by").asString("")).isEqualTo("local");
        assertThat(java.time.OffsetDateTime.parse(order.path("created_at").asString(""))
                        .toInstant())
                .isAfterOrEqualTo(at.truncatedTo(java.time.temporal.ChronoUnit.MILLIS));
        assertThat(orders()).hasSize(1);
        gateway.contract().check("GET", PARENTS + "/{id}", gateway.get(PARENTS + "/" + id));
        var events = gateway.get(PARENTS + "/" + id + "/events");
        gateway.contract().check("GET", PARENTS + "/{id}/events", events);
        assertThat(gateway.tree(events).valueStream().map(it -> it.path("type").asString("")))
                .containsExactly("Accepted", "ChildStarted", "ChildEnded", "Ended");
    }

    @Test
    void one_key_makes_one_parent_order_also_after_its_time_and_a_restart() {
        String body = body(soon(), "", order(1, ""));
        var first = create(body, "once");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(first.headers().firstValue("Idempotent-Replay")).isEmpty();
        String id = gateway.tree(first).path("parent_id").asString("");
        await(id, "COMPLETED");

        for (int i = 0; i < 2; i++) {
            var again = create(body, "once");
            assertThat(again.body()).isEqualTo(first.body());
            assertThat(again.headers().firstValue("Idempotent-Replay")).hasValue("true");
            var other = create(body.replace("\"qty\":1", "\"qty\":2"), "once");
            assertThat(code(other)).isEqualTo("IDEMPOTENCY_KEY_BODY_MISMATCH");
            gateway.close();
            gateway = startGateway();
            gateway.awaitReady();
        }
        assertThat(orders()).hasSize(1);
    }

    @Test
    void a_waiting_order_is_changed_and_cancelled_without_a_trace_at_the_broker() {
        String id = created(later(), "", order(5, ",\"price\":" + low()));
        long higher = low() + 100;
        var changed = gateway.send("POST", PARENTS + "/" + id + "/modify", "{\"qty\":7,\"price\":" + higher + "}");
        gateway.contract().check("POST", PARENTS + "/{id}/modify", changed);
        assertThat(gateway.tree(changed).at("/order/qty").asLong()).isEqualTo(7);
        assertThat(gateway.tree(changed).at("/order/price").asLong()).isEqualTo(higher);
        assertThat(code(gateway.send("POST", PARENTS + "/" + id + "/modify", "{}")))
                .isEqualTo("MISSING_FIELD");
        assertThat(code(gateway.send("POST", PARENTS + "/" + id + "/modify", "{\"price\":" + (higher + 1) + "}")))
                .isEqualTo("INVALID_TICK_SIZE");

        var cancelled = gateway.send("POST", PARENTS + "/" + id + "/cancel", "");
        gateway.contract().check("POST", PARENTS + "/{id}/cancel", cancelled);

        assertThat(gateway.tree(cancelled).path("status").asString("")).isEqualTo("CANCELED");
        assertThat(gateway.tree(cancelled).path("canceled_by").asString("")).isEqualTo("local");
        assertThat(code(gateway.send("POST", PARENTS + "/" + id + "/cancel", "")))
                .isEqualTo("ORDER_ALREADY_TERMINAL");
        assertThat(code(gateway.send("POST", PARENTS + "/" + id + "/modify", "{\"qty\":1}")))
                .isEqualTo("ORDER_ALREADY_TERMINAL");
        assertThat(orders()).isEmpty();
    }

    @Test
    void a_cancel_of_a_working_one_cancels_its_order() {
        String id = created(soon(), "", order(5, ",\"price\":" + low()));
        await(id, "WORKING");
        String orderId = parent(id).path("order_id").asString("");
        Await.until(
                "the order rests",
                () -> gateway.json("/v1/orders/" + orderId)
                        .path("status")
                        .asString("")
                        .equals("SENT"));
        assertThat(code(gateway.send("POST", PARENTS + "/" + id + "/modify", "{\"qty\":1}")))
                .isEqualTo("INVALID_TRANSITION");

        for (int i = 0; i < 2; i++) {
            assertThat(gateway.send("POST", PARENTS + "/" + id + "/cancel", "").statusCode())
                    .isIn(200, 409);
        }

        await(id, "CANCELED");
        assertThat(gateway.json("/v1/orders/" + orderId).path("status").asString(""))
                .isEqualTo("CANCELED");
    }

    @Test
    void what_would_be_refused_whenever_it_is_placed_is_refused_at_once() {
        Instant at = later();
        for (var refused : Map.of(
                        body(at, "", order(0, "")),
                        "INVALID_QTY",
                        body(at, "", order(1, ",\"price\":" + (low() + 1))),
                        "INVALID_TICK_SIZE",
                        body(at, "", order(1, "").replace(SAMSUNG, "ZZZZZZ")),
                        "SYMBOL_NOT_FOUND",
                        body(at, "", order(1, ",\"dry_run\":true")),
                        "UNKNOWN_FIELD",
                        body(at, "", order(1, ",\"order_type\":\"CLOSE_PRICE\"")),
                        "OUT_OF_TRADING_WINDOW",
                        body(Instant.now().minusSeconds(1), "", order(1, "")),
                        "INVALID_FIELD",
                        body(Instant.now().plus(Duration.ofDays(32)), "", order(1, "")),
                        "INVALID_FIELD",
                        body(at, ",\"until\":\"" + at + "\"", order(1, "")),
                        "INVALID_FIELD",
                        body(at, ",\"until\":\"" + at.plusSeconds(50_000) + "\"", order(1, "")),
                        "INVALID_FIELD",
                        "{\"order\":" + order(1, "") + "}",
                        "MISSING_FIELD")
                .entrySet()) {
            var answer = create(refused.getKey(), "refused-" + ++keys);
            assertThat(code(answer)).as(refused.getKey() + answer.body()).isEqualTo(refused.getValue());
            gateway.contract().check("POST", PARENTS, answer);
        }
        assertThat(code(gateway.send("POST", PARENTS, body(at, "", order(1, "")))))
                .isEqualTo("IDEMPOTENCY_KEY_REQUIRED");
        assertThat(code(gateway.get(PARENTS + "/par_none"))).isEqualTo("ORDER_NOT_FOUND");
        assertThat(gateway.json(PARENTS).path("parents")).isEmpty();
    }

    @Test
    void what_is_refused_at_its_time_ends_refused_with_an_alert() {
        String id = created(soon(), "", order(1, ""));
        assertThat(gateway.operate("POST", "/v1/risk/kill-switch", "{\"on\":true,\"reason\":\"test\"}")
                        .statusCode())
                .isEqualTo(200);

        JsonNode ended = await(id, "REFUSED");

        assertThat(ended.path("reason").asString("")).contains("KILL_SWITCH");
        assertThat(gateway.alert("parent_order_not_placed")
                        .orElseThrow()
                        .path("message")
                        .asString(""))
                .contains(id);
        assertThat(orders()).isEmpty();
    }

    @Test
    void an_order_that_was_due_while_the_gateway_was_away_is_placed_within_its_time_and_missed_after_it() {
        // Later than the close, which takes seconds on a busy machine.
        Instant at = Instant.now().plusSeconds(25);
        String patient = created(at, ",\"until\":\"" + at.plusSeconds(600) + "\"", order(1, ""));
        String strict = created(at, ",\"until\":\"" + at.plusMillis(500) + "\"", order(2, ""));
        gateway.close();
        Await.until("the time of both has passed", () -> Instant.now().isAfter(at.plusSeconds(1)));

        gateway = startGateway();

        assertThat(await(strict, "MISSED").path("order_id").isNull()).isTrue();
        await(patient, "COMPLETED");
        assertThat(orders())
                .singleElement()
                .satisfies(it -> assertThat(it.path("qty").asLong()).isEqualTo(1));
        assertThat(gateway.alert("parent_order_not_placed")
                        .orElseThrow()
                        .path("message")
                        .asString(""))
                .contains(strict);
    }

    @Test
    void pages_and_filters_list_parent_orders_newest_first() {
        for (int i = 1; i <= 5; i++) {
            created(later(), "", order(i, ""));
        }
        String third = gateway.json(PARENTS).at("/parents/2/parent_id").asString("");
        gateway.send("POST", PARENTS + "/" + third + "/cancel", "");

        var page = gateway.get(PARENTS + "?status=open&limit=3");
        gateway.contract().check("GET", PARENTS, page);
        JsonNode first = gateway.tree(page);
        assertThat(quantities(first)).containsExactly(5L, 4L, 2L);
        JsonNode rest = gateway.json(PARENTS + "?status=open&limit=3&cursor="
                + first.path("next_cursor").asString(""));
        assertThat(quantities(rest)).containsExactly(1L);
        assertThat(rest.path("next_cursor").isNull()).isTrue();
        assertThat(quantities(gateway.json(PARENTS + "?status=ended"))).containsExactly(3L);
        assertThat(code(gateway.get(PARENTS + "?status=maybe"))).isEqualTo("INVALID_FIELD");
    }

    @Test
    void the_example_of_the_guide_schedules_an_order() throws Exception {
        String page = Files.readString(Path.of("../docs/ORDERS.md"));
        String example = page.substring(page.indexOf("<!-- this example is sent by ParentsTest -->"));
        String body = example.substring(example.indexOf("-d '") + 4, example.indexOf("}'") + 1);
        var answer = create(body.replace("AT", later().toString()), "guide");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static List<Long> quantities(JsonNode page) {
        return page.path("parents")
                .valueStream()
                .map(it -> it.at("/order/qty").asLong())
                .toList();
    }
}
