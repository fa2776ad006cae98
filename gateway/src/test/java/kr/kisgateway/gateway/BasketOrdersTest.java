package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Baskets: amounts and weights become shares, all lines are checked together, and they are cancelled and repeated as one. */
@Tag("slow")
class BasketOrdersTest {
    private static final String PARENTS = "/v1/parents";
    private static final String SAMSUNG = "005930";
    private static final String HYNIX = "000660";
    private static final String NAVER = "035420";

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

    /** A price on every tick near it, so far below the last one that a buy rests. */
    private long low(String symbol) {
        long last = gateway.json("/v1/quotes/" + symbol).path("price").asLong();
        return last * 8 / 10 / 1_000 * 1_000;
    }

    private static String line(String symbol, String more) {
        return "{\"symbol\":\"" + symbol + "\"," + more + "}";
    }

    private static String buy(String symbol, String more) {
        return line(symbol, "\"side\":\"BUY\"," + more);
    }

    private static String basket(String members, String... lines) {
        return "{\"kind\":\"BASKET\",\"account_id\":\"A1\"" + members + ",\"orders\":[" + String.join(",", lines)
                + "]}";
    }

    private HttpResponse<String> send(String body) {
        return gateway.send("POST", PARENTS, body, "Idempotency-Key", "basket-" + ++keys);
    }

    private JsonNode dryRun(String body) {
        var answer = gateway.send("POST", PARENTS, body.replaceFirst("\\{", "{\"dry_run\":true,"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        gateway.contract().check("POST", PARENTS, answer);
        return gateway.tree(answer);
    }

    private JsonNode created(String body) {
        var answer = send(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        gateway.contract().check("POST", PARENTS, answer);
        return parent(gateway.tree(answer).path("parent_id").asString());
    }

    private JsonNode parent(String id) {
        var answer = gateway.get(PARENTS + "/" + id);
        gateway.contract().check("GET", PARENTS + "/{id}", answer);
        return gateway.tree(answer);
    }

    private JsonNode await(JsonNode parent, String status) {
        String id = parent.path("parent_id").asString();
        Await.until(
                "the basket is " + status,
                () -> parent(id).path("status").asString().equals(status));
        return parent(id);
    }

    /** The basket, once each of its orders rests at the exchange. */
    private JsonNode awaitResting(JsonNode parent) {
        String id = parent.path("parent_id").asString();
        Await.until(
                "every order rests",
                () -> parent(id)
                        .path("legs")
                        .valueStream()
                        .allMatch(leg -> !leg.path("order_id").isNull()
                                && order(leg).path("status").asString().equals("SENT")));
        return parent(id);
    }

    private JsonNode order(JsonNode leg) {
        var answer = gateway.get("/v1/orders/" + leg.path("order_id").asString());
        return answer.statusCode() == 200
                ? gateway.tree(answer)
                : gateway.tree(gateway.get("/v1/orders")).path("none");
    }

    private void assertNothingPlaced() {
        assertThat(gateway.json(PARENTS).path("parents")).isEmpty();
        assertThat(gateway.json("/v1/orders").path("orders")).isEmpty();
    }

    private static List<Long> quantities(JsonNode legs) {
        return legs.valueStream().map(leg -> leg.path("qty").asLong()).toList();
    }

    @Test
    void amounts_and_weights_become_whole_shares_and_all_are_placed() {
        long samsung = low(SAMSUNG);
        long hynix = low(HYNIX);
        long total = 30_000_000;
        JsonNode resting = awaitResting(created(basket(
                ",\"side\":\"BUY\",\"amount\":" + total,
                line(SAMSUNG, "\"weight\":33.33,\"price\":" + samsung),
                line(HYNIX, "\"weight\":50,\"price\":" + hynix),
                line(NAVER, "\"amount\":2000000,\"price\":" + low(NAVER)),
                line(SAMSUNG, "\"qty\":3,\"price\":" + (samsung - 1_000)))));

        assertThat(resting.path("kind").asString()).isEqualTo("BASKET");
        assertThat(resting.path("status").asString()).isEqualTo("WORKING");
        assertThat(quantities(resting.path("legs")))
                .containsExactly(total * 3_333 / 10_000 / samsung, total / 2 / hynix, 2_000_000 / low(NAVER), 3L);
        assertThat(resting.path("legs")
                        .valueStream()
                        .map(leg -> leg.path("symbol").asString()))
                .containsExactly(SAMSUNG, HYNIX, NAVER, SAMSUNG);
        resting.path("legs")
                .forEach(leg -> assertThat(order(leg).path("qty").asLong())
                        .isEqualTo(leg.path("qty").asLong()));
        assertThat(resting.has("left_out")).isFalse();
    }

    @Test
    void an_amount_at_market_buys_what_it_pays_for_at_the_last_price() {
        String body = basket("", buy(SAMSUNG, "\"amount\":5000000"), buy(HYNIX, "\"amount\":7000000"));
        JsonNode evaluated = dryRun(body);
        assertThat(evaluated.path("ok").asBoolean()).as("%s", evaluated).isTrue();
        assertNothingPlaced();
        JsonNode first = evaluated.at("/orders/0");
        long price = gateway.json("/v1/quotes/" + SAMSUNG).path("price").asLong();
        assertThat(first.path("unit_price").asLong()).isBetween(price * 95 / 100, price * 105 / 100);
        assertThat(first.path("qty").asLong())
                .isEqualTo(5_000_000 / first.path("unit_price").asLong());

        JsonNode ended = await(created(body), "COMPLETED");
        assertThat(ended.path("legs")
                        .valueStream()
                        .map(leg -> leg.path("status").asString()))
                .containsOnly("FILLED");
        assertThat(ended.path("reason").asString()).isEqualTo("of 2 orders 2 FILLED");
        assertThat(ended.at("/legs/0/filled_qty").asLong())
                .isEqualTo(ended.at("/legs/0/qty").asLong());
    }

    @Test
    void one_bad_line_places_nothing_and_is_named_with_its_field() {
        long price = low(SAMSUNG);
        String body = basket(
                "",
                buy(SAMSUNG, "\"qty\":1,\"price\":" + price),
                buy(SAMSUNG, "\"qty\":1,\"price\":" + (price + 1)),
                buy("999999", "\"qty\":1"),
                buy(HYNIX, "\"amount\":100"),
                buy(HYNIX, "\"qty\":1,\"weight\":1"));
        var weightless = send(body);
        assertThat(weightless.statusCode()).isEqualTo(400);
        assertThat(gateway.tree(weightless).at("/details/field").asString()).isEqualTo("amount");

        String lines = body.replace(",\"weight\":1", ",\"amount\":1");
        var answer = send(lines);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        JsonNode refusal = gateway.tree(answer);
        assertThat(refusal.path("code").asString()).isEqualTo("INVALID_TICK_SIZE");
        assertThat(refusal.path("message").asString())
                .contains("orders[1].price")
                .contains("Nothing is placed, as 4 of 5 lines are bad");
        assertThat(refusal.at("/details/field").asString()).isEqualTo("orders[1].price");
        assertThat(refusal.at("/details/orders")
                        .valueStream()
                        .map(bad -> bad.path("field").asString() + " "
                                + bad.path("code").asString()))
                .containsExactly(
                        "orders[1].price INVALID_TICK_SIZE",
                        "orders[2].symbol SYMBOL_NOT_FOUND",
                        "orders[3].amount INVALID_QTY",
                        "orders[4].qty INVALID_FIELD");
        JsonNode evaluated = dryRun(lines);
        assertThat(evaluated.path("ok").asBoolean()).isFalse();
        assertThat(evaluated.at("/refusal/code").asString()).isEqualTo("INVALID_TICK_SIZE");
        assertThat(evaluated.at("/orders/0/problem").isNull()).isTrue();
        assertThat(evaluated.at("/orders/4/problem/field").asString()).isEqualTo("orders[4].qty");
        assertNothingPlaced();
    }

    @Test
    void a_partial_basket_leaves_bad_lines_out_and_names_them_whenever_it_is_repeated() {
        long price = low(SAMSUNG);
        String body = basket(
                ",\"partial\":true",
                buy(SAMSUNG, "\"qty\":1,\"price\":" + (price + 1)),
                buy(HYNIX, "\"qty\":2,\"price\":" + low(HYNIX)),
                buy(NAVER, "\"qty\":0"));
        var first = gateway.send("POST", PARENTS, body, "Idempotency-Key", "partial");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        gateway.contract().check("POST", PARENTS, first);
        assertThat(gateway.tree(first)
                        .path("left_out")
                        .valueStream()
                        .map(line -> line.path("field").asString() + " "
                                + line.path("code").asString()))
                .containsExactly("orders[0].price INVALID_TICK_SIZE", "orders[2].qty INVALID_QTY");

        JsonNode basket =
                awaitResting(parent(gateway.tree(first).path("parent_id").asString()));
        assertThat(basket.path("legs")).hasSize(1);
        assertThat(basket.path("left_out")).hasSize(2);
        var again = gateway.send("POST", PARENTS, body, "Idempotency-Key", "partial");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Idempotent-Replay")).contains("true");
        assertThat(gateway.json("/v1/orders").path("orders")).hasSize(1);

        var none = send(basket(",\"partial\":true", buy(NAVER, "\"qty\":0")));
        assertThat(none.statusCode()).as(none.body()).isEqualTo(400);
    }

    private long cash() {
        return gateway.json("/v1/balances?account_id=A1")
                .path(0)
                .path("cash_available")
                .asLong(0);
    }

    @Test
    void buys_that_fit_by_themselves_and_not_together_place_nothing() {
        long price = low(SAMSUNG);
        Await.until("the cash is known", () -> cash() > 0);
        long cash = cash();
        long qty = cash * 6 / 10 / price;
        limit("check_cash", "true"); // both together are more than the amount of one order, too
        String line = buy(SAMSUNG, "\"qty\":" + qty + ",\"price\":" + price);
        assertThat(dryRun(basket("", line)).path("ok").asBoolean()).isTrue();
        for (String partial : List.of("", ",\"partial\":true")) {
            var answer = send(basket(partial, line, line));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            JsonNode refusal = gateway.tree(answer);
            assertThat(refusal.path("code").asString()).isEqualTo("INSUFFICIENT_CASH");
            assertThat(refusal.at("/details/needed").asLong())
                    .isGreaterThan(refusal.at("/details/free").asLong());
            assertThat(refusal.at("/details/field").asString()).isEqualTo("orders[1].qty");
        }
        assertNothingPlaced();
    }

    @Test
    void a_basket_of_more_orders_than_the_day_has_left_places_nothing() {
        var limited = gateway.operate(
                "PUT",
                "/v1/risk/limits",
                "{\"gateway\":{\"daily_orders\":3,\"max_qty\":null,\"max_notional\":null,\"check_cash\":true,\"refuse_managed\":null}}");
        assertThat(limited.statusCode()).as(limited.body()).isEqualTo(200);
        String line = buy(SAMSUNG, "\"qty\":1,\"price\":" + low(SAMSUNG));
        awaitResting(created(basket("", line, line)));
        var answer = send(basket("", line, line));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(gateway.tree(answer).path("code").asString()).isEqualTo("DAILY_LIMIT_EXCEEDED");
        assertThat(gateway.tree(answer).at("/details/field").asString()).isEqualTo("orders[1]");
        assertThat(gateway.json("/v1/orders").path("orders")).hasSize(2);
        assertThat(dryRun(basket("", line)).path("ok").asBoolean()).isTrue();
    }

    @Test
    void buys_that_are_within_the_amount_of_a_day_by_themselves_and_not_together_place_nothing() {
        long samsung = low(SAMSUNG);
        long hynix = low(HYNIX);
        String first = buy(SAMSUNG, "\"qty\":1,\"price\":" + samsung);
        String second = buy(HYNIX, "\"qty\":1,\"price\":" + hynix);
        limit("daily_notional", Long.toString(samsung + hynix - 1));
        assertThat(dryRun(basket("", first, second)).path("ok").asBoolean()).isFalse();
        JsonNode refusal = refusedTogether("DAILY_LIMIT_EXCEEDED", "orders[1].qty", first, second);
        assertThat(refusal.at("/details/limit_name").asString()).isEqualTo("daily_notional");
        assertThat(refusal.at("/details/together").asLong()).isEqualTo(samsung + hynix);
        limit("daily_notional", Long.toString(samsung + hynix));
        awaitResting(created(basket("", first, second)));
    }

    private void awaitSellable(long qty) {
        Await.until(
                "the shares may be sold",
                () -> gateway.json("/v1/positions?account_id=A1")
                                .valueStream()
                                .mapToLong(position ->
                                        position.path("sellable_qty").asLong())
                                .sum()
                        == qty);
    }

    /** One limit in place of all others. */
    private void limit(String name, String value) {
        String others = Stream.of(
                        "daily_orders",
                        "max_qty",
                        "max_notional",
                        "max_position",
                        "max_position_value",
                        "check_cash",
                        "refuse_managed",
                        "refuse_self_cross")
                .filter(it -> !it.equals(name))
                .map(it -> "\"" + it + "\":null,")
                .collect(Collectors.joining());
        var limited = gateway.operate(
                "PUT", "/v1/risk/limits", "{\"gateway\":{" + others + "\"" + name + "\":" + value + "}}");
        assertThat(limited.statusCode()).as(limited.body()).isEqualTo(200);
    }

    private JsonNode refusedTogether(String code, String field, String... lines) {
        int before = gateway.json("/v1/orders").path("orders").size();
        for (String line : lines) {
            assertThat(dryRun(basket("", line)).path("ok").asBoolean()).as(line).isTrue();
        }
        var answer = send(basket(",\"partial\":true", lines));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        JsonNode refusal = gateway.tree(answer);
        assertThat(refusal.path("code").asString()).as(answer.body()).isEqualTo(code);
        assertThat(refusal.at("/details/field").asString()).as(answer.body()).isEqualTo(field);
        assertThat(gateway.json("/v1/orders").path("orders")).hasSize(before);
        assertThat(gateway.json(PARENTS + "?status=open").path("parents")).isEmpty();
        return refusal;
    }

    @Test
    void lines_that_could_trade_with_each_other_place_nothing_where_that_is_refused() {
        await(created(basket("", buy(SAMSUNG, "\"qty\":3"))), "COMPLETED");
        awaitSellable(3);
        long price = low(SAMSUNG);
        String hynix = buy(HYNIX, "\"qty\":1");
        String bid = buy(SAMSUNG, "\"qty\":1,\"price\":" + price);
        String ask = line(SAMSUNG, "\"side\":\"SELL\",\"qty\":1,\"price\":" + price);
        String high = line(SAMSUNG, "\"side\":\"SELL\",\"qty\":1,\"price\":" + (price + 1_000));
        String sale = line(SAMSUNG, "\"side\":\"SELL\",\"qty\":1");
        assertThat(dryRun(basket("", bid, sale)).path("ok").asBoolean())
                .as("not refused by default here")
                .isTrue();

        limit("refuse_self_cross", "true");
        assertThat(dryRun(basket("", bid, high)).path("ok").asBoolean()).isTrue();
        JsonNode crossed = refusedTogether("SELF_CROSS", "orders[2].price", bid, hynix, ask);
        assertThat(crossed.at("/details/other").asString()).isEqualTo("orders[0]");
        refusedTogether("SELF_CROSS", "orders[1].side", bid, sale);
    }

    @Test
    void buys_of_a_symbol_that_exceed_its_position_or_amount_together_place_nothing() {
        long price = low(SAMSUNG);
        String three = buy(SAMSUNG, "\"qty\":3,\"price\":" + price);
        String two = buy(SAMSUNG, "\"amount\":" + 2 * price + ",\"price\":" + price);
        String hynix = buy(HYNIX, "\"qty\":3,\"price\":" + low(HYNIX));
        limit("max_position", "5");
        assertThat(dryRun(basket("", three, hynix, two)).path("ok").asBoolean()).isTrue();
        JsonNode many = refusedTogether("POSITION_LIMIT_EXCEEDED", "orders[2].qty", three, hynix, three);
        assertThat(many.at("/details/limit_name").asString()).isEqualTo("max_position");
        assertThat(many.at("/details/together").asLong()).isEqualTo(6);

        limit("max_position_value", Long.toString(5 * price - 1));
        JsonNode dear = refusedTogether("POSITION_LIMIT_EXCEEDED", "orders[1].amount", three, two);
        assertThat(dear.at("/details/limit_name").asString()).isEqualTo("max_position_value");

        limit("max_notional", Long.toString(5 * price - 1));
        JsonNode large = refusedTogether("NOTIONAL_LIMIT_EXCEEDED", "orders[1].amount", three, two);
        assertThat(large.path("message").asString()).contains("5 shares together");
        assertThat(large.at("/details/together").asLong()).isEqualTo(5 * price);
    }

    @Test
    void sales_of_a_symbol_that_are_more_than_its_shares_together_place_nothing() {
        await(created(basket("", buy(SAMSUNG, "\"qty\":3"))), "COMPLETED");
        awaitSellable(3);
        String sale = line(SAMSUNG, "\"side\":\"SELL\",\"qty\":2");
        var answer = send(basket("", sale, sale));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(gateway.tree(answer).path("code").asString()).isEqualTo("INSUFFICIENT_POSITION_QTY");
        assertThat(gateway.tree(answer).path("message").asString())
                .contains("4 shares together")
                .contains("3 may be sold");
        assertThat(gateway.tree(answer).at("/details/field").asString()).isEqualTo("orders[1].qty");
        assertThat(gateway.json(PARENTS).path("parents")).hasSize(1);
    }

    @Test
    void a_cancel_ends_every_order_and_the_journal_has_one_timeline() {
        JsonNode resting = awaitResting(created(basket(
                        "",
                        buy(SAMSUNG, "\"qty\":2,\"price\":" + low(SAMSUNG)),
                        buy(HYNIX, "\"qty\":1,\"price\":" + low(HYNIX)),
                        buy(NAVER, "\"qty\":1"))
                .replace(",\"qty\":1}]", ",\"qty\":1,\"price\":" + low(NAVER) + "}]")));
        String path = PARENTS + "/" + resting.path("parent_id").asString();
        gateway.send("POST", path + "/cancel", "{}");

        JsonNode ended = await(resting, "CANCELED");
        assertThat(ended.path("legs")
                        .valueStream()
                        .map(leg -> leg.path("status").asString()))
                .containsExactly("CANCELED", "CANCELED", "CANCELED");
        assertThat(ended.path("reason").asString()).isEqualTo("of 3 orders 3 CANCELED");
        ended.path("legs")
                .forEach(leg -> assertThat(order(leg).path("status").asString()).isEqualTo("CANCELED"));
        assertThat(gateway.json(path + "/events")
                        .valueStream()
                        .map(event -> event.path("type").asString()))
                .contains("Accepted", "CancelRequested", "Ended")
                .filteredOn("ChildStarted"::equals)
                .hasSize(3);
    }

    @Test
    void the_same_request_with_the_same_key_is_the_same_basket_at_another_price() {
        String body = basket(",\"amount\":40000000", buy(SAMSUNG, "\"weight\":50"), buy(HYNIX, "\"weight\":25.5"));
        var first = gateway.send("POST", PARENTS, body, "Idempotency-Key", "same");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        JsonNode ended = await(parent(gateway.tree(first).path("parent_id").asString()), "COMPLETED");

        long last = gateway.json("/v1/quotes/" + SAMSUNG).path("price").asLong();
        gateway.setMarket("{\"move\":\"" + SAMSUNG + "\",\"to\":" + (last * 11 / 10 / 1_000 * 1_000) + "}");
        Await.until(
                "the price is another",
                () -> gateway.json("/v1/quotes/" + SAMSUNG).path("price").asLong() > last * 105 / 100);
        var again = gateway.send("POST", PARENTS, body, "Idempotency-Key", "same");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Idempotent-Replay")).contains("true");
        assertThat(gateway.json(PARENTS).at("/parents/0/legs/0/qty").asLong())
                .isEqualTo(ended.at("/legs/0/qty").asLong());

        var other = gateway.send("POST", PARENTS, body.replace("25.5", "25.6"), "Idempotency-Key", "same");
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(gateway.json(PARENTS).path("parents")).hasSize(1);
        assertThat(gateway.json("/v1/orders").path("orders")).hasSize(2);
    }

    @Test
    void a_placed_basket_is_not_changed_as_one() {
        JsonNode resting = awaitResting(created(basket("", buy(SAMSUNG, "\"qty\":2,\"price\":" + low(SAMSUNG)))));
        String path = PARENTS + "/" + resting.path("parent_id").asString() + "/modify";
        for (String change : List.of("{\"qty\":1}", "{\"until\":\"2030-01-01T09:00:00+09:00\"}")) {
            var answer = gateway.send("POST", path, change);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("INVALID_TRANSITION").contains("one by one");
        }
        String order = "/v1/orders/" + resting.at("/legs/0/order_id").asString();
        assertThat(gateway.send("POST", order + "/modify", "{\"qty\":1}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_hundred_lines_are_the_most() {
        String line = buy(SAMSUNG, "\"qty\":1,\"price\":" + low(SAMSUNG));
        var tooMany = send(basket("", Collections.nCopies(101, line).toArray(String[]::new)));
        assertThat(tooMany.statusCode()).isEqualTo(400);
        assertThat(gateway.tree(tooMany).at("/details/field").asString()).isEqualTo("orders");
        assertNothingPlaced();

        var lines = new ArrayList<String>();
        for (int i = 0; i < 100; i++) {
            lines.add(buy(
                    i % 2 == 0 ? SAMSUNG : HYNIX,
                    "\"qty\":" + (1 + i / 2 % 7) + ",\"price\":" + low(i % 2 == 0 ? SAMSUNG : HYNIX)));
        }
        JsonNode resting = awaitAllSent(created(basket("", lines.toArray(String[]::new))));
        assertThat(gateway.json("/v1/orders?limit=200").path("orders")).hasSize(100);
        gateway.send("POST", PARENTS + "/" + resting.path("parent_id").asString() + "/cancel", "{}");
        JsonNode ended = await(resting, "CANCELED");
        assertThat(ended.path("reason").asString()).isEqualTo("of 100 orders 100 CANCELED");
    }

    private JsonNode awaitAllSent(JsonNode parent) {
        Await.until(
                "a hundred orders rest",
                () -> gateway.json("/v1/orders?limit=200&status=open")
                                .path("orders")
                                .valueStream()
                                .filter(order -> order.path("status").asString().equals("SENT"))
                                .count()
                        == 100);
        return parent(parent.path("parent_id").asString());
    }

    /** Lines are evaluated some at a time, by one turn of the desk. */
    @Test
    void each_of_many_lines_has_its_own_answer_wherever_it_is() {
        long low = low(SAMSUNG);
        Set<Integer> bad = Set.of(0, 19, 20, 41, 62);
        String[] lines = IntStream.range(0, 63)
                .mapToObj(i -> buy(SAMSUNG, "\"qty\":" + (i + 1) + ",\"price\":" + (bad.contains(i) ? low + 1 : low)))
                .toArray(String[]::new);
        JsonNode evaluated = dryRun(basket("", lines)).path("orders");
        assertThat(evaluated).hasSize(lines.length);
        for (int i = 0; i < lines.length; i++) {
            JsonNode line = evaluated.get(i);
            assertThat(line.path("qty").asInt()).as("%s", line).isEqualTo(i + 1);
            assertThat(line.at("/problem/code").asString("")
                            + line.at("/problem/field").asString(""))
                    .as("%s: %s", i, line)
                    .isEqualTo(bad.contains(i) ? "INVALID_TICK_SIZEorders[" + i + "].price" : "");
        }
        assertNothingPlaced();
    }

    @Test
    void a_request_with_a_wrong_field_is_refused_with_its_name() {
        String line = buy(SAMSUNG, "\"qty\":1");
        Map<String, String> refused = Map.of(
                basket(",\"amount\":1000", line), "amount",
                basket(",\"amount\":1.5", buy(SAMSUNG, "\"weight\":1")), "amount",
                basket(",\"amount\":1000000", buy(SAMSUNG, "\"weight\":60"), buy(HYNIX, "\"weight\":40.01")), "orders",
                basket(",\"amount\":1000000", buy(SAMSUNG, "\"weight\":1.001")), "orders[0].weight",
                basket(",\"amount\":1000000", buy(SAMSUNG, "\"weight\":1e9")), "orders[0].weight",
                basket(",\"order\":{}", line), "order",
                basket(",\"side\":\"UP\"", line), "INVALID_SIDE",
                basket("", line(SAMSUNG, "\"qty\":1")), "orders[0].side",
                basket("", buy(SAMSUNG, "\"qty\":1,\"colour\":1")), "orders[0].colour",
                basket("").replace("A1", "A9"), "ACCOUNT_NOT_FOUND");
        refused.forEach((body, word) -> {
            var answer = send(body);
            assertThat(answer.statusCode()).as(body + " " + answer.body()).isBetween(400, 404);
            assertThat(answer.body()).as(body).contains("\"" + word + "\"");
        });
        assertThat(gateway.send("POST", PARENTS, basket("", line)).body()).contains("IDEMPOTENCY_KEY_REQUIRED");
        assertNothingPlaced();
    }

    @Test
    void a_key_for_some_symbols_sees_no_basket_with_others() throws Exception {
        try (var keyed = new KeyedGateway(folder.resolve("keyed"), "--simulator-rate-limit=5000")) {
            String both = keyed.key("both", "trade", "\"symbols\":[\"005930\",\"000660\"]");
            String one = keyed.key("one", "trade", "\"symbols\":[\"005930\"]");
            Await.until(
                    "it trades",
                    () -> keyed.post("/v1/parents", basket("", buy(SAMSUNG, "\"qty\":1")), both)
                                    .statusCode()
                            == 200);
            var answer =
                    keyed.post("/v1/parents", basket("", buy(SAMSUNG, "\"qty\":1"), buy(HYNIX, "\"qty\":1")), both);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            String id = keyed.json(answer).path("parent_id").asString();
            assertThat(keyed.get("/v1/parents/" + id, both).statusCode()).isEqualTo(200);
            assertThat(keyed.get("/v1/parents/" + id, one).statusCode()).isEqualTo(404);
            assertThat(keyed.json(keyed.get("/v1/parents", both))
                            .path("parents")
                            .findValuesAsString("parent_id"))
                    .contains(id);
            assertThat(keyed.json(keyed.get("/v1/parents", one)).path("parents").findValuesAsString("parent_id"))
                    .isNotEmpty()
                    .doesNotContain(id);
            var foreign =
                    keyed.post("/v1/parents", basket("", buy(SAMSUNG, "\"qty\":1"), buy(HYNIX, "\"qty\":1")), one);
            assertThat(foreign.statusCode()).as(foreign.body()).isEqualTo(403);
        }
    }
}
