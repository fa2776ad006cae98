package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every change bears the name of its key, and a key for its own orders cannot touch those of others. */
@Requirement("A-15")
@Tag("slow")
class CallerAttributionTest {
    private static final String SYMBOL = "005930";

    private KeyedGateway gateway;
    private String trader;
    private String operator;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        gateway = new KeyedGateway(folder);
        trader = gateway.key("trader", "trade");
        operator = gateway.key("ops", "operator");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void an_order_and_its_events_carry_the_names_of_the_keys_that_placed_and_cancelled_it() throws Exception {
        String id = gateway.placeResting(SYMBOL, trader);
        assertThat(order(id).path("by").asString("")).isEqualTo("trader");
        assertThat(order(id).path("last_change").isNull()).isTrue();

        gateway.post("/v1/orders/" + id + "/cancel", "{}", operator);
        KeyedGateway.until(() -> order(id).path("status").asString("").equals("CANCELED"));
        assertThat(lastAlertedChange(id)).isEqualTo("CANCEL ops");
        assertThat(callerOfEvent(id, "Accepted")).isEqualTo("trader");
        assertThat(callerOfEvent(id, "CancelRequested")).isEqualTo("ops");

        String second = gateway.placeResting(SYMBOL, trader);
        gateway.post("/v1/orders/cancel-all", "{\"account_id\":\"A1\"}", operator);
        assertThat(callerOfEvent(second, "CancelRequested")).isEqualTo("ops");
        assertThat(lastAlertedChange(second)).isEqualTo("CANCEL ops");

        // The journal alone gives the same.
        gateway.restart();
        assertThat(lastAlertedChange(id)).isEqualTo("CANCEL ops");
        assertThat(lastAlertedChange(second)).isEqualTo("CANCEL ops");
    }

    @Test
    void a_modification_carries_the_name_of_its_key_and_its_dispatch_deadline() throws Exception {
        String id = gateway.placeResting(SYMBOL, trader);
        KeyedGateway.until(() -> order(id).path("status").asString("").equals("SENT"));
        long lower = order(id).path("price").asLong(0);
        assertThat(gateway.post("/v1/orders/" + id + "/modify", "{\"price\":" + (lower + 1_000) + "}", operator)
                        .statusCode())
                .isEqualTo(200);
        assertThat(callerOfEvent(id, "ModifyRequested")).isEqualTo("ops");
        String body = gateway.get("/v1/orders/" + id + "/events", trader).body();
        assertThat(body).contains("\"dispatch_by\":\"").doesNotContain("Z\"");
    }

    @Test
    void the_kill_switch_carries_the_name_of_its_key_and_retains_its_reason_until_replaced() throws Exception {
        String id = gateway.placeResting(SYMBOL, trader);
        KeyedGateway.until(() -> order(id).path("status").asString("").equals("SENT"));
        assertThat(kill("{\"on\":true,\"reason\":\"the feed lies\"}").path("by").asString(""))
                .isEqualTo("ops");

        var later = kill("{\"on\":true,\"cancel_open\":true}");
        assertThat(later.path("reason").asString("")).isEqualTo("the feed lies");
        assertThat(callerOfEvent(id, "CancelRequested")).isEqualTo("ops");
        assertThat(kill("{\"on\":true}").path("reason").asString("")).isEqualTo("the feed lies");
        gateway.restart();
        var restored = gateway.json(gateway.get("/v1/risk/kill-switch", trader));
        assertThat(restored.path("by").asString("")).isEqualTo("ops");
        assertThat(restored.path("reason").asString("")).isEqualTo("the feed lies");

        var another = gateway.json(
                gateway.post("/v1/risk/kill-switch", "{\"on\":true,\"reason\":\"and so does KIS\"}", gateway.admin));
        assertThat(another.path("reason").asString("")).isEqualTo("and so does KIS");
        assertThat(another.path("by").asString("")).isEqualTo("root");
        kill("{\"on\":false}");
        assertThat(alerts()).contains("kill_switch_on root", "kill_switch_off ops");
    }

    @Test
    void limits_carry_the_name_of_their_key_and_warn_of_unknown_keys() throws Exception {
        var now = gateway.json(gateway.get("/v1/risk/limits", operator));
        assertThat(now.path("set_by").isNull()).isTrue();
        var requested = "{\"gateway\":" + now.path("gateway")
                + ",\"accounts\":null,\"strategies\":null,\"keys\":{\"tradr\":{\"max_qty\":5},\"trader\":{\"max_qty\":6}}}";

        var set = gateway.json(gateway.send("PUT", "/v1/risk/limits", requested, operator));

        assertThat(set.path("set_by").asString("")).isEqualTo("ops");
        assertThat(set.path("warnings")).hasSize(1);
        assertThat(set.path("warnings").path(0).asString("")).contains("keys.tradr");
        assertThat(alerts()).contains("limits_changed ops");
        assertThat(gateway.get("/v1/alerts", gateway.admin).body())
                .contains("the risk limits were set: keys.trader.max_qty none → 6, keys.tradr.max_qty none → 5;");
        gateway.restart();
        assertThat(gateway.json(gateway.get("/v1/risk/limits", operator))
                        .path("set_by")
                        .asString(""))
                .isEqualTo("ops");
    }

    @Test
    void unchanged_limits_raise_no_alert_and_retain_the_name_of_their_author() throws Exception {
        var before = gateway.get("/v1/risk/limits", operator).body();
        assertThat(gateway.send("PUT", "/v1/risk/limits", before, operator).statusCode())
                .isEqualTo(200);
        assertThat(alerts()).noneMatch(alert -> alert.startsWith("limits_changed"));

        var changed = before.replaceFirst("\"max_qty\":\\d+", "\"max_qty\":123");
        assertThat(gateway.send("PUT", "/v1/risk/limits", changed, operator).statusCode())
                .isEqualTo(200);
        assertThat(gateway.send("PUT", "/v1/risk/limits", changed, gateway.admin)
                        .statusCode())
                .isEqualTo(200);

        assertThat(alerts())
                .filteredOn(alert -> alert.startsWith("limits_changed"))
                .containsExactly("limits_changed ops");
        assertThat(gateway.json(gateway.get("/v1/risk/limits", operator))
                        .path("set_by")
                        .asString(""))
                .isEqualTo("ops");
    }

    @Test
    void a_strategys_key_reads_and_changes_only_its_own_orders() throws Exception {
        String momentum = gateway.key("momentum", "trade", "\"strategy\":\"mom\"");
        String value = gateway.key("value", "operator", "\"strategy\":\"val\"");
        var stream = gateway.stream(momentum).listening("\"orders\"");
        String ownOrder = gateway.placeResting(SYMBOL, momentum);
        String other = gateway.placeResting(SYMBOL, value);
        String second = gateway.placeResting(SYMBOL, momentum);

        assertThat(order(ownOrder).path("strategy_id").asString("")).isEqualTo("mom");
        assertThat(gateway.post("/v1/orders", KeyedGateway.order(SYMBOL, 1_000, "\"strategy_id\":\"val\""), momentum)
                        .body())
                .contains("FORBIDDEN");
        assertThat(orders(momentum, "")).containsExactly(second, ownOrder);
        assertThat(orders(value, "")).containsExactly(other);
        for (var suffix : List.of("", "/state", "/events")) {
            assertThat(gateway.get("/v1/orders/" + other + suffix, momentum).body())
                    .contains("ORDER_NOT_FOUND");
        }
        assertThat(gateway.post("/v1/orders/" + other + "/cancel", "{}", momentum)
                        .body())
                .contains("ORDER_NOT_FOUND");
        var liveMessages =
                stream.await(message -> message.path("order_id").asString("").equals(second));
        assertThat(liveMessages.toString()).contains(ownOrder).doesNotContain(other);

        // Without a filter the call covers all orders of the key, for which the role trade is enough.
        var all = gateway.json(gateway.post("/v1/orders/cancel-all", "{}", momentum));
        assertThat(all.findValuesAsString("order_id")).containsExactlyInAnyOrder(ownOrder, second);
        assertThat(order(other).path("last_change").isNull()).isTrue();
        var late = gateway.stream(momentum).listening("\"orders\"");
        late.send("{\"op\":\"resume\",\"account_id\":\"A1\",\"from_seq\":1}");
        var replayed = late.await(message -> message.path("op").asString("").equals("resumed"));
        assertThat(replayed.toString()).contains(ownOrder).doesNotContain(other);
    }

    @Test
    void orders_can_be_listed_by_several_statuses_and_by_open_state() throws Exception {
        String ended = gateway.placeResting(SYMBOL, trader);
        gateway.post("/v1/orders/" + ended + "/cancel", "{}", trader);
        KeyedGateway.until(() -> order(ended).path("status").asString("").equals("CANCELED"));
        String open = gateway.placeResting(SYMBOL, trader);

        assertThat(orders(trader, "?status=open")).containsExactly(open);
        assertThat(orders(trader, "?status=canceled,%20filled")).containsExactly(ended);
        assertThat(orders(trader, "?status=OPEN,CANCELED")).containsExactly(open, ended);
        var unknown = gateway.get("/v1/orders?status=open,done", trader);
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("INVALID_FIELD", "must be open, or");
    }

    @Test
    void the_limits_from_get_can_be_put_back_unchanged_and_changed_guards_cannot() throws Exception {
        gateway.send(
                "PUT",
                "/v1/risk/limits",
                gateway.get("/v1/risk/limits", operator).body().replaceFirst("\"max_qty\":\\d+", "\"max_qty\":321"),
                operator);
        var answered = gateway.get("/v1/risk/limits", operator).body();
        assertThat(gateway.json(gateway.get("/v1/risk/limits", operator))
                        .path("set_by")
                        .asString(""))
                .isEqualTo("ops");
        assertThat(answered).contains("\"guards\"", "\"set_at\"", "\"warnings\"");

        var restored = gateway.send("PUT", "/v1/risk/limits", answered, operator);
        assertThat(restored.statusCode()).as(restored.body()).isEqualTo(200);
        var guarded = gateway.send(
                "PUT", "/v1/risk/limits", answered.replace("\"read_only\":false", "\"read_only\":true"), operator);
        assertThat(guarded.statusCode()).isEqualTo(400);
        assertThat(guarded.body()).contains("INVALID_FIELD", "guards.read_only");
        var unknown = gateway.send("PUT", "/v1/risk/limits", answered.replace("\"set_by\"", "\"set_from\""), operator);
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("UNKNOWN_FIELD", "set_from");
    }

    @Test
    void a_decision_about_an_order_in_doubt_carries_the_name_of_its_key() throws Exception {
        gateway.fault(
                "{\"lose_answers\":{\"on\":\"orders\",\"count\":1},\"hide_orders_seconds\":3600,\"lose_notices\":{\"for\":\"1h\"}}");
        String id = gateway.placeResting(SYMBOL, trader);
        KeyedGateway.until(() -> order(id).path("status").asString("").equals("UNKNOWN"));
        var decided = gateway.post("/v1/orders/" + id + "/resolve", "{\"decision\":\"NOT_AT_BROKER\"}", operator);
        assertThat(decided.statusCode()).as(decided.body()).isEqualTo(200);
        assertThat(callerOfEvent(id, "Resolved")).isEqualTo("ops");
        gateway.restart();
        assertThat(callerOfEvent(id, "Resolved")).isEqualTo("ops");
    }

    private List<String> alerts() throws Exception {
        return gateway.json(gateway.get("/v1/alerts", trader))
                .path("alerts")
                .valueStream()
                .map(alert -> alert.path("event").asString("") + " "
                        + alert.path("by").asString(""))
                .toList();
    }

    private JsonNode kill(String body) throws Exception {
        var answer = gateway.post("/v1/risk/kill-switch", body, operator);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return gateway.json(answer);
    }

    private JsonNode order(String id) throws Exception {
        return gateway.json(gateway.get("/v1/orders/" + id, gateway.admin));
    }

    private String lastAlertedChange(String id) throws Exception {
        var change = order(id).path("last_change");
        return change.path("kind").asString("") + " " + change.path("by").asString("");
    }

    private String callerOfEvent(String id, String type) throws Exception {
        for (var event : gateway.json(gateway.get("/v1/orders/" + id + "/events", gateway.admin))) {
            if (event.path("type").asString("").equals(type)) {
                return event.path("by").asString("");
            }
        }
        throw new AssertionError("no " + type + " of " + id);
    }

    private List<String> orders(String key, String query) throws Exception {
        var answer = gateway.get("/v1/orders" + query, key);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return gateway.json(answer).path("orders").findValuesAsString("order_id");
    }
}
