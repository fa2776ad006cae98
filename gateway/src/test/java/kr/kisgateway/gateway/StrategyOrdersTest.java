package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Parent orders that wait for prices and orders: brackets, stops, conditions and slices in a market that is moved. */
@Tag("slow")
class StrategyOrdersTest {
    private static final String PARENTS = "/v1/parents";
    private static final String SAMSUNG = "005930";
    /** A multiple of every tick of the prices around it. */
    private static final long STEP = 1_000;

    @TempDir
    Path folder;

    private GatewayFixture gateway;
    private int keys;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(
                folder.resolve("sim"),
                Map.of("KIS_ENV", "sim", "SIMULATOR_RATE_LIMIT", "5000", "SIMULATOR_CLOCK", "open-fixed"));
        gateway.awaitReady();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    /** The last price, and {@code steps} from it. */
    private long price(long steps) {
        long last = gateway.json("/v1/quotes/" + SAMSUNG).path("price").asLong();
        return last / STEP * STEP + steps * STEP;
    }

    private void move(long price) {
        gateway.setMarket("{\"move\":\"" + SAMSUNG + "\",\"to\":" + price + "}");
    }

    private static String order(String side, long qty, String more) {
        return "\"order\":{\"account_id\":\"A1\",\"symbol\":\"" + SAMSUNG + "\",\"side\":\"" + side + "\",\"qty\":"
                + qty + more + "}";
    }

    private static String limit(long price) {
        return ",\"price\":" + price;
    }

    private HttpResponse<String> create(String body) {
        return gateway.send("POST", PARENTS, "{" + body + "}", "Idempotency-Key", "strategy-" + ++keys);
    }

    private String created(String body) {
        var answer = create(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        gateway.contract().check("POST", PARENTS, answer);
        return gateway.tree(answer).path("parent_id").asString("");
    }

    private JsonNode parent(String id) {
        var answer = gateway.get(PARENTS + "/" + id);
        gateway.contract().check("GET", PARENTS + "/{id}", answer);
        return gateway.tree(answer);
    }

    private JsonNode await(String id, String status) {
        Await.until(
                "the parent order is " + status,
                () -> parent(id).path("status").asString("").equals(status));
        return parent(id);
    }

    /** The leg, once its order rests at the exchange. */
    private JsonNode awaitResting(String id, int leg) {
        Await.until("leg " + leg + " rests", () -> {
            JsonNode now = parent(id).at("/legs/" + leg);
            return now.path("status").asString("").equals("WORKING")
                    && order(now).path("status").asString("").equals("SENT");
        });
        return parent(id).at("/legs/" + leg);
    }

    private JsonNode order(JsonNode leg) {
        return gateway.json("/v1/orders/" + leg.path("order_id").asString(""));
    }

    private void awaitHeld(long qty) {
        Await.until(
                "the account holds " + qty,
                () -> gateway.json("/v1/positions?account_id=A1")
                                .valueStream()
                                .filter(position ->
                                        position.path("symbol").asString("").equals(SAMSUNG))
                                .mapToLong(position -> position.path("qty").asLong())
                                .sum()
                        == qty);
    }

    private void buy(long qty) {
        buyUnreported(qty);
        awaitHeld(qty);
    }

    /** Buys shares, which the balance may not have yet. */
    private void buyUnreported(long qty) {
        var answer = gateway.send(
                "POST",
                "/v1/orders",
                "{" + order("BUY", qty, "").replaceFirst("\"order\":\\{", ""),
                "Idempotency-Key",
                "buy-" + ++keys);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String id = gateway.tree(answer).path("order_id").asString("");
        Await.until(
                "it is filled",
                () -> gateway.json("/v1/orders/" + id)
                        .path("status")
                        .asString("")
                        .equals("FILLED"));
    }

    @Test
    void a_bracket_takes_its_profit_and_places_no_stop() {
        String id = created("\"kind\":\"BRACKET\"," + order("BUY", 5, "") + ",\"take_profit\":{\"price\":" + price(4)
                + "},\"stop\":{\"price\":" + price(-8) + "}");
        JsonNode profit = awaitResting(id, 1);
        assertThat(order(profit).path("qty").asLong()).isEqualTo(5);

        move(price(6));
        JsonNode ended = await(id, "COMPLETED");

        assertThat(ended.at("/legs/0/status").asString()).isEqualTo("FILLED");
        assertThat(ended.at("/legs/1/status").asString()).isEqualTo("FILLED");
        assertThat(ended.at("/legs/1/filled_qty").asLong()).isEqualTo(5);
        assertThat(ended.at("/legs/2/status").asString()).isEqualTo("NOT_PLACED");
        assertThat(ended.at("/legs/2/order_id").isNull()).isTrue();
        assertThat(gateway.json("/v1/orders").path("orders")).hasSize(2);
        awaitHeld(0);
    }

    @Test
    void a_bracket_whose_stop_is_reached_cancels_its_take_profit_first_and_sells_what_is_held() {
        long stop = price(-4);
        String id = created("\"kind\":\"BRACKET\"," + order("BUY", 5, "") + ",\"take_profit\":{\"price\":" + price(8)
                + "},\"stop\":{\"price\":" + stop + "}");
        awaitResting(id, 1);

        move(price(-6));
        JsonNode ended = await(id, "COMPLETED");

        JsonNode profit = order(ended.at("/legs/1"));
        JsonNode sale = order(ended.at("/legs/2"));
        assertThat(profit.path("status").asString()).isEqualTo("CANCELED");
        assertThat(sale.path("status").asString()).isEqualTo("FILLED");
        assertThat(sale.path("order_type").asString()).isEqualTo("MARKET");
        assertThat(sale.path("qty").asLong())
                .isEqualTo(5 - profit.path("filled_qty").asLong());
        assertThat(ended.at("/legs/2/triggered_at").asLong()).isLessThanOrEqualTo(stop);
        assertThat(gateway.alerts("parent_order_triggered"))
                .as("what a price triggers is reported")
                .singleElement()
                .satisfies(alert -> assertThat(alert.path("message").asString())
                        .contains(
                                id,
                                "was reached at "
                                        + ended.at("/legs/2/triggered_at").asLong()));
        assertThat(OffsetDateTime.parse(sale.path("created_at").asString()))
                .as("placed when the take-profit had ended")
                .isAfterOrEqualTo(ended(profit));
        awaitHeld(0);
    }

    /** When an order ended, by its journal. */
    private OffsetDateTime ended(JsonNode order) {
        JsonNode events = gateway.json("/v1/orders/" + order.path("order_id").asString() + "/events");
        return OffsetDateTime.parse(events.get(events.size() - 1).path("at").asString());
    }

    @Test
    void an_oco_rests_and_its_stop_takes_its_place() {
        buy(4);
        String id = created(
                "\"kind\":\"OCO\"," + order("SELL", 4, limit(price(8))) + ",\"stop\":{\"price\":" + price(-4) + "}");
        awaitResting(id, 0);
        move(price(-6));
        JsonNode ended = await(id, "COMPLETED");
        assertThat(ended.at("/legs/0/status").asString()).isEqualTo("CANCELED");
        assertThat(ended.at("/legs/1/status").asString()).isEqualTo("FILLED");
        awaitHeld(0);
    }

    @Test
    void a_condition_of_another_stocks_price_places_the_order_when_it_is_reached() {
        long level = price(3);
        String id = created("\"kind\":\"CONDITIONAL\","
                + "\"order\":{\"account_id\":\"A1\",\"symbol\":\"000660\",\"side\":\"BUY\",\"qty\":1},"
                + "\"when\":{\"symbol\":\"" + SAMSUNG + "\",\"direction\":\"AT_OR_ABOVE\",\"price\":" + level + "}");
        assertThat(parent(id).path("status").asString()).isEqualTo("WAITING");
        assertThat(gateway.json("/v1/orders").path("orders")).isEmpty();
        move(price(5));
        JsonNode ended = await(id, "COMPLETED");
        assertThat(ended.at("/legs/0/watched").asString()).isEqualTo(SAMSUNG);
        assertThat(ended.at("/legs/0/triggered_at").asLong()).isGreaterThanOrEqualTo(level);
        assertThat(order(ended.at("/legs/0")).path("status").asString()).isEqualTo("FILLED");
    }

    @Test
    void an_order_waits_for_the_fill_of_another_and_ends_with_it_when_that_is_cancelled() {
        long low = price(-8);
        String first = rest(low);
        String second = rest(low - STEP);
        String filled =
                created("\"kind\":\"CONDITIONAL\"," + order("BUY", 1, "") + ",\"after_fill_of\":\"" + first + "\"");
        String ended =
                created("\"kind\":\"CONDITIONAL\"," + order("BUY", 1, "") + ",\"after_fill_of\":\"" + second + "\"");
        gateway.send("POST", "/v1/orders/" + second + "/cancel", "{}");
        assertThat(await(ended, "EXPIRED").path("reason").asString())
                .contains(second)
                .contains("CANCELED");

        gateway.send("POST", "/v1/orders/" + first + "/modify", "{\"price\":" + price(2) + "}");
        assertThat(await(filled, "COMPLETED").at("/legs/0/after_fill_of").asString())
                .isEqualTo(first);
        assertThat(gateway.json("/v1/orders/" + first).path("status").asString())
                .isEqualTo("FILLED");
    }

    private String rest(long price) {
        var answer = gateway.send(
                "POST",
                "/v1/orders",
                "{" + order("BUY", 1, limit(price)).replaceFirst("\"order\":\\{", ""),
                "Idempotency-Key",
                "rest-" + ++keys);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return gateway.tree(answer).path("order_id").asString("");
    }

    @Test
    void a_trailing_stop_follows_the_price_up_and_sells_when_it_falls() {
        buy(3);
        long first = price(0);
        String id = created(
                "\"kind\":\"TRAILING_STOP\"," + order("SELL", 3, "") + ",\"trail\":{\"amount\":" + 4 * STEP + "}");
        move(first + 6 * STEP);
        Await.until(
                "the trigger is above the first price less the distance",
                () -> parent(id).at("/legs/0/trigger_price").asLong(0) > first);
        move(first + STEP);
        JsonNode ended = await(id, "COMPLETED");
        assertThat(ended.at("/legs/0/triggered_at").asLong()).isGreaterThan(first - 4 * STEP);
        awaitHeld(0);
    }

    @Test
    void a_take_profit_waits_for_a_balance_that_lags_behind_the_fill_of_its_entry() {
        gateway.fault("{\"balance_lag_seconds\":3}");
        String id = created("\"kind\":\"BRACKET\"," + order("BUY", 5, "") + ",\"take_profit\":{\"price\":" + price(8)
                + "},\"stop\":{\"price\":" + price(-8) + "}");

        JsonNode profit = awaitResting(id, 1);

        assertThat(order(profit).path("qty").asLong()).isEqualTo(5);
        assertThat(gateway.alert("parent_order_not_placed")).isEmpty();
    }

    @Test
    void a_stop_waits_for_a_balance_that_lags_behind_the_fill_of_its_entry() {
        gateway.fault("{\"balance_lag_seconds\":3}");
        String id = created("\"kind\":\"BRACKET\"," + order("BUY", 5, "") + ",\"stop\":{\"price\":" + price(-4) + "}");
        Await.until(
                "the entry is filled",
                () -> parent(id).at("/legs/0/status").asString("").equals("FILLED"));
        move(price(-6));

        JsonNode ended = await(id, "COMPLETED");

        assertThat(ended.at("/legs/1/filled_qty").asLong()).isEqualTo(5);
        assertThat(gateway.alert("parent_order_not_placed")).isEmpty();
        awaitHeld(0);
    }

    @Test
    void a_stop_waits_for_the_shares_of_its_take_profit_and_that_is_reported_after_five_seconds() {
        String id = created("\"kind\":\"BRACKET\"," + order("BUY", 5, "") + ",\"take_profit\":{\"price\":" + price(8)
                + "},\"stop\":{\"price\":" + price(-4) + "}");
        awaitResting(id, 1);
        gateway.json("/v1/positions?account_id=A1"); // the balance of which the take-profit reserves all shares
        gateway.fault("{\"balance_lag_seconds\":60}");
        buyUnreported(1);
        move(price(-6));

        Await.until(
                "an alert",
                () -> gateway.alert("parent_exit_waits")
                        .filter(alert -> alert.path("level").asString().equals("P1"))
                        .isPresent());
        assertThat(parent(id).at("/legs/2/filled_qty").asLong()).isZero();
        gateway.fault("{\"clear\":true}");
        JsonNode ended = await(id, "COMPLETED");

        assertThat(ended.at("/legs/2/filled_qty").asLong()).isEqualTo(5);
        Await.until(
                "it is settled",
                () -> !gateway.alert("parent_exit_waits")
                        .orElseThrow()
                        .path("settled_at")
                        .isNull());
        assertThat(gateway.alert("parent_order_not_placed")).isEmpty();
    }

    @Test
    void an_exit_waits_while_the_orders_of_the_day_are_used_up() {
        gateway.operate("PUT", "/v1/risk/limits", limits(1));
        String id = created("\"kind\":\"BRACKET\"," + order("BUY", 5, "") + ",\"take_profit\":{\"price\":" + price(8)
                + "},\"stop\":{\"price\":" + price(-8) + "}");
        Await.until(
                "an alert with the reason",
                () -> gateway.alert("parent_exit_waits")
                        .filter(alert -> alert.path("message").asString().contains("DAILY_LIMIT_EXCEEDED"))
                        .isPresent());

        gateway.operate("PUT", "/v1/risk/limits", limits(100));

        assertThat(order(awaitResting(id, 1)).path("qty").asLong()).isEqualTo(5);
    }

    /** The limits in force with that many orders a day. */
    private String limits(int orders) {
        JsonNode limits = gateway.json("/v1/risk/limits");
        return limits.toString().replaceFirst("\"daily_orders\":[^,]*", "\"daily_orders\":" + orders);
    }

    @Test
    void slices_are_placed_at_equal_intervals() {
        Instant until = Instant.now().plusSeconds(6);
        String id = created("\"kind\":\"TWAP\",\"slices\":3,\"until\":\"" + until + "\"," + order("BUY", 8, ""));
        JsonNode ended = await(id, "COMPLETED");
        assertThat(ended.path("legs").valueStream().map(leg -> leg.path("qty").asLong()))
                .containsExactly(3L, 3L, 2L);
        List<Instant> placed = ended.path("legs")
                .valueStream()
                .map(leg -> OffsetDateTime.parse(order(leg).path("created_at").asString())
                        .toInstant())
                .toList();
        assertThat(placed.get(1)).isAfterOrEqualTo(placed.get(0).plusMillis(1_500));
        assertThat(placed.get(2))
                .isAfterOrEqualTo(placed.get(1).plusMillis(1_500))
                .isBefore(until);
        awaitHeld(8);
    }

    @Test
    void slices_are_answered_again_after_their_time() {
        String body = "{\"kind\":\"TWAP\",\"slices\":2,\"until\":\""
                + Instant.now().plusSeconds(4) + "\"," + order("BUY", 2, "") + "}";
        var first = gateway.send("POST", PARENTS, body, "Idempotency-Key", "slices");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        await(gateway.tree(first).path("parent_id").asString(), "COMPLETED");

        var again = gateway.send("POST", PARENTS, body, "Idempotency-Key", "slices");
        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Idempotent-Replay")).contains("true");
    }

    @Test
    void an_order_of_a_bracket_does_not_grow() {
        buy(5); // else too few shares are held
        String id = created("\"kind\":\"BRACKET\"," + order("BUY", 5, "") + ",\"take_profit\":{\"price\":" + price(8)
                + "},\"stop\":{\"price\":" + price(-8) + "}");
        String profit = awaitResting(id, 1).path("order_id").asString();
        var grown = gateway.send("POST", "/v1/orders/" + profit + "/modify", "{\"qty\":7,\"replace\":true}");
        assertThat(grown.statusCode()).as(grown.body()).isEqualTo(400);
        assertThat(grown.body()).contains("INVALID_TRANSITION");
        assertThat(gateway.json("/v1/orders/" + profit).path("status").asString())
                .isEqualTo("SENT");

        var smaller = gateway.send("POST", "/v1/orders/" + profit + "/modify", "{\"qty\":3,\"replace\":true}");
        assertThat(smaller.statusCode()).as(smaller.body()).isEqualTo(200);
    }

    @Test
    void a_cancel_ends_the_whole_bracket_and_leaves_its_shares() {
        String id = created("\"kind\":\"BRACKET\"," + order("BUY", 5, "") + ",\"take_profit\":{\"price\":" + price(8)
                + "},\"stop\":{\"price\":" + price(-8) + "}");
        awaitResting(id, 1);
        gateway.send("POST", PARENTS + "/" + id + "/cancel", "{}");
        JsonNode ended = await(id, "CANCELED");
        assertThat(ended.at("/legs/1/status").asString()).isEqualTo("CANCELED");
        assertThat(ended.at("/legs/2/status").asString()).isEqualTo("NOT_PLACED");
        awaitHeld(5);
    }

    @Test
    void the_stop_of_a_bracket_is_changed_while_it_waits_and_a_placed_order_is_not() {
        long high = price(8);
        String id = created("\"kind\":\"BRACKET\"," + order("BUY", 2, "") + ",\"take_profit\":{\"price\":" + high
                + "},\"stop\":{\"price\":" + price(-8) + "}");
        awaitResting(id, 1);
        long stop = price(-5);
        var changed = gateway.send("POST", PARENTS + "/" + id + "/modify", "{\"stop\":{\"price\":" + stop + "}}");
        gateway.contract().check("POST", PARENTS + "/{id}/modify", changed);
        assertThat(gateway.tree(changed).at("/legs/2/trigger_price").asLong()).isEqualTo(stop);
        var placed = gateway.send(
                "POST", PARENTS + "/" + id + "/modify", "{\"take_profit\":{\"price\":" + (high + STEP) + "}}");
        assertThat(placed.statusCode()).isEqualTo(400);
        assertThat(placed.body()).contains("INVALID_TRANSITION").contains("change the order ord_");
        assertThat(parent(id).at("/legs/1/price").asLong()).isEqualTo(high);
    }

    @Test
    void a_request_with_a_wrong_field_is_refused_with_its_name_and_leaves_nothing() {
        long last = price(0);
        String buy = order("BUY", 5, "");
        String entry = order("BUY", 5, limit(last));
        Map<String, String> refused = Map.ofEntries(
                Map.entry("\"kind\":\"BRAKET\"," + buy, "BRACKET"),
                Map.entry("\"kind\":\"BRACKET\"," + buy, "stop"),
                Map.entry("\"kind\":\"BRACKET\"," + buy + ",\"stop\":{}", "either a price or a trail"),
                Map.entry("\"kind\":\"BRACKET\"," + buy + ",\"stop\":{\"price\":" + (last + 9 * STEP) + "}", "reached"),
                Map.entry(
                        "\"kind\":\"BRACKET\"," + entry + ",\"take_profit\":{\"price\":" + (last - STEP)
                                + "},\"stop\":{\"price\":" + (last - 4 * STEP) + "}",
                        "take_profit"),
                Map.entry(
                        "\"kind\":\"BRACKET\"," + buy + ",\"slices\":3,\"stop\":{\"price\":" + (last - 4 * STEP) + "}",
                        "slices"),
                Map.entry("\"kind\":\"OCO\"," + order("SELL", 5, "") + ",\"stop\":{\"price\":" + last + "}", "LIMIT"),
                Map.entry("\"kind\":\"CONDITIONAL\"," + buy, "after_fill_of"),
                Map.entry("\"kind\":\"CONDITIONAL\"," + buy + ",\"after_fill_of\":\"ord_x\"", "order_id"),
                Map.entry(
                        "\"kind\":\"CONDITIONAL\"," + buy + ",\"when\":{\"direction\":\"UP\",\"price\":1}",
                        "AT_OR_ABOVE"),
                Map.entry(
                        "\"kind\":\"CONDITIONAL\"," + buy
                                + ",\"when\":{\"symbol\":\"999990\",\"direction\":\"AT_OR_ABOVE\",\"price\":9000}",
                        "SYMBOL_NOT_FOUND"),
                Map.entry("\"kind\":\"TRAILING_STOP\"," + buy + ",\"trail\":{\"percent\":1e9}", "percent"),
                Map.entry("\"kind\":\"TRAILING_STOP\"," + buy + ",\"trail\":{\"percent\":1,\"amount\":9}", "trail"),
                Map.entry(
                        "\"kind\":\"TRAILING_STOP\"," + order("SELL", 5, "") + ",\"trail\":{\"amount\":" + 3 * last
                                + "}",
                        "amount"),
                Map.entry("\"kind\":\"TWAP\"," + buy + ",\"slices\":3", "until"),
                Map.entry(
                        "\"kind\":\"TWAP\"," + buy + ",\"slices\":2,\"at\":\""
                                + Instant.now().minusSeconds(60) + "\",\"until\":\""
                                + Instant.now().plusSeconds(20) + "\"",
                        "first slices"),
                Map.entry(
                        "\"kind\":\"TWAP\"," + buy + ",\"slices\":6,\"until\":\""
                                + Instant.now().plusSeconds(60) + "\"",
                        "slices"));
        refused.forEach((body, word) -> {
            var answer = create(body);
            assertThat(answer.statusCode()).as(body + " " + answer.body()).isBetween(400, 404);
            assertThat(answer.body()).as(body).contains(word);
        });
        assertThat(gateway.json(PARENTS).path("parents")).isEmpty();
        assertThat(gateway.json("/v1/orders").path("orders")).isEmpty();
    }

    @Test
    void the_same_request_with_the_same_key_is_the_same_bracket() {
        String body = "{\"kind\":\"BRACKET\"," + order("BUY", 5, limit(price(-9))) + ",\"stop\":{\"price\":"
                + price(-12) + "}}";
        var first = gateway.send("POST", PARENTS, body, "Idempotency-Key", "same");
        var again = gateway.send("POST", PARENTS, body, "Idempotency-Key", "same");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Idempotent-Replay")).contains("true");
        var other = gateway.send("POST", PARENTS, body.replace("\"qty\":5", "\"qty\":6"), "Idempotency-Key", "same");
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(gateway.json(PARENTS).path("parents")).hasSize(1);
    }

    @Test
    void the_examples_of_the_guide_are_accepted() throws Exception {
        String page = Files.readString(Path.of("../docs/STRATEGIES.md"));
        String[] parts = page.split("<!-- this example is sent by StrategyOrdersTest -->");
        assertThat(parts).hasSize(5);
        for (int i = 1; i < parts.length; i++) {
            String body = parts[i].substring(parts[i].indexOf("-d '") + 4, parts[i].indexOf("}'") + 1);
            var answer = gateway.send("POST", PARENTS, body, "Idempotency-Key", "guide-" + i);
            assertThat(answer.statusCode()).as(body + answer.body()).isEqualTo(200);
        }
    }
}
