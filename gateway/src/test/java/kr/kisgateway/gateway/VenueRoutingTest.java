package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The venue of orders that leave it open, with both venues of the simulator. */
@Tag("slow")
class VenueRoutingTest {
    private static final String SYMBOL = "005930";
    /** A stock of both venues with few shares at each price. */
    private static final String SMALL = "036190";

    /** A fund, which NXT does not trade. */
    private static final String FUND = "069500";

    @TempDir
    Path folder;

    private GatewayFixture gateway;
    private int keys;

    @AfterEach
    void stop() {
        gateway.close();
    }

    private void start(String rules, String... more) {
        var settings = new ArrayList<>(List.of("--order-venue-rules=" + rules));
        settings.addAll(List.of(more));
        gateway = GatewayFixture.start(folder.resolve("sim"), settings.toArray(String[]::new));
        gateway.awaitReady();
    }

    private static String body(String symbol, String more) {
        return "{\"account_id\":\"A1\",\"symbol\":\"" + symbol + "\",\"side\":\"BUY\",\"qty\":1,\"venue\":\"auto\""
                + more + "}";
    }

    /** An order that trades at once; NXT has no market orders. */
    private JsonNode buy(String symbol) {
        return place(symbol, price(symbol, 110));
    }

    /** What such an order would be now. */
    private JsonNode preview(String symbol) {
        var answer = gateway.send("POST", "/v1/orders/preview", body(symbol, price(symbol, 110)));
        gateway.contract().check("POST", "/v1/orders/preview", answer);
        return gateway.tree(answer).path("figures");
    }

    private String price(String symbol, int percent) {
        long last = gateway.json("/v1/quotes/" + symbol).path("price").asLong();
        return ",\"price\":" + last * percent / 100 / 1_000 * 1_000;
    }

    private HttpResponse<String> send(String key, String body) {
        return gateway.send("POST", "/v1/orders", body, "Idempotency-Key", key);
    }

    private JsonNode place(String symbol, String more) {
        var answer = send("k" + ++keys, body(symbol, more));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return order(gateway.tree(answer).path("order_id").asString());
    }

    private JsonNode order(String id) {
        var answer = gateway.get("/v1/orders/" + id);
        gateway.contract().check("GET", "/v1/orders/{id}", answer);
        return gateway.tree(answer);
    }

    private JsonNode await(JsonNode order, String status) {
        String id = order.path("order_id").asString();
        Await.until(status, () -> order(id).path("status").asString().equals(status));
        return order(id);
    }

    private static void assertChosen(JsonNode order, String venue, String reason) {
        assertThat(order.at("/routing/reason").asString()).as(order.toString()).isEqualTo(reason);
        assertThat(order.path("venue").asString()).as(order.toString()).isEqualTo(venue);
    }

    @Test
    @Requirement(value = "A-23", clause = "rules")
    @Requirement(value = "A-23", clause = "why")
    void an_order_goes_to_krx_unless_a_rule_prefers_nxt_and_shows_the_figures() {
        start("halted,refused:8*,slow:2000,volume:1000");
        Await.until("both venues have traded", () -> {
            JsonNode routing = preview(SYMBOL).path("routing");
            return routing.at("/krx/volume").asLong() > 0
                    && routing.at("/nxt/volume").asLong() > 0;
        });
        JsonNode order = buy(SYMBOL);
        assertChosen(order, "KRX", "USUAL");
        for (String venue : List.of("krx", "nxt")) {
            JsonNode figures = order.path("routing").path(venue);
            assertThat(figures.path("accepts").asBoolean()).isTrue();
            assertThat(figures.path("volume").asLong()).as(venue).isPositive();
            assertThat(figures.path("best").asLong()).as(venue).isPositive();
        }
        JsonNode accepted = gateway.json("/v1/orders/" + order.path("order_id").asString() + "/events")
                .path(0);
        assertThat(accepted.at("/data/routing/reason").asString()).isEqualTo("USUAL");
        await(order, "FILLED");
    }

    @Test
    @Requirement(value = "A-23", clause = "rules")
    void a_stock_that_nxt_does_not_trade_today_is_refused_there_and_routed_to_krx() {
        start("halted");
        gateway.setMarket("{\"nxt\":\"" + SYMBOL + "\",\"trades\":false}");
        String terms = body(SYMBOL, price(SYMBOL, 110)).replace("\"auto\"", "\"NXT\"");
        var refused = send("k" + ++keys, terms);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(gateway.tree(refused).path("code").asString()).isEqualTo("SYMBOL_RESTRICTED");
        assertThat(gateway.tree(refused).at("/details/restriction").asString()).isEqualTo("venue");
        assertChosen(buy(SYMBOL), "KRX", "ONLY_OPEN");
        var price = gateway.get("/v1/quotes/" + SYMBOL + "?venue=NXT");
        assertThat(gateway.tree(price).path("code").asString()).isEqualTo("UNSUPPORTED_BY_SOURCE");
        assertThat(gateway.json("/v1/instruments/" + SYMBOL).path("nxt").asBoolean())
                .isFalse();
    }

    @Test
    void a_fund_that_nxt_trades_since_today_has_prices_and_books_of_it() {
        start("halted");
        assertThat(gateway.json("/v1/instruments/" + FUND).path("nxt").asBoolean())
                .isFalse();
        gateway.setMarket("{\"nxt\":\"" + FUND + "\",\"trades\":true}");
        assertThat(gateway.json("/v1/quotes/" + FUND + "?venue=NXT")
                        .path("source")
                        .asString())
                .isEqualTo("nxt");
        assertThat(gateway.json("/v1/orderbooks/" + FUND + "?venue=NXT")
                        .path("asks")
                        .size())
                .isPositive();
        assertThat(gateway.json("/v1/instruments/" + FUND).path("nxt").asBoolean())
                .isTrue();
    }

    @Test
    void a_fund_that_nxt_trades_today_is_ordered_there_and_by_the_rules() {
        start("volume:1000");
        gateway.setMarket("{\"nxt\":\"" + FUND + "\",\"trades\":true}");
        String onNxt = body(FUND, price(FUND, 110)).replace("\"auto\"", "\"NXT\"");
        var placed = send("k" + ++keys, onNxt);
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(200);
        assertThat(await(gateway.tree(placed), "FILLED").path("venue").asString())
                .isEqualTo("NXT");
        JsonNode routed = buy(FUND);
        assertThat(routed.at("/routing/nxt/accepts").asBoolean())
                .as(routed.toString())
                .isTrue();
        await(routed, "FILLED");
    }

    @Test
    void a_market_order_by_sor_of_a_stock_that_nxt_does_not_trade_is_refused_before_it_is_sent() {
        start("none");
        gateway.setMarket("{\"nxt\":\"" + SYMBOL + "\",\"trades\":false}");
        long before = gateway.brokerCalls("order-cash");
        var refused = send("k" + ++keys, body(SYMBOL, "").replace("\"auto\"", "\"SOR\""));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(gateway.tree(refused).path("code").asString()).isEqualTo("SYMBOL_RESTRICTED");
        assertThat(gateway.tree(refused).path("message").asString()).contains("venue KRX");
        assertThat(gateway.brokerCalls("order-cash")).isEqualTo(before);
        var limit = send("k" + ++keys, body(SYMBOL, price(SYMBOL, 110)).replace("\"auto\"", "\"SOR\""));
        assertThat(limit.statusCode()).as(limit.body()).isEqualTo(200);
        await(gateway.tree(limit), "FILLED");
    }

    @Test
    void the_fill_of_an_order_sent_to_both_venues_names_the_one_that_its_notice_names() {
        start("none");
        JsonNode noticed = await(buyAtBoth(), "FILLED");
        assertThat(noticed.path("venue").asString()).isEqualTo("SOR");
        String venue = noticed.at("/fills/0/venue").asString("");
        assertThat(venue).isIn("KRX", "NXT");

        gateway.fault("{\"lose_notices\":{\"count\":9}}");
        JsonNode listed = await(buyAtBoth(), "FILLED");
        assertThat(listed.at("/fills/0/source").asString()).isEqualTo("QUERY");
        assertThat(listed.at("/fills/0/venue").isNull())
                .as("the list has no venue of a fill")
                .isTrue();
        assertThat(gateway.json("/v1/executions")
                        .path("executions")
                        .valueStream()
                        .map(fill -> fill.path("venue").asString("")))
                .containsExactlyInAnyOrder(venue, "");
    }

    private JsonNode buyAtBoth() {
        var placed = send("k" + ++keys, body(SYMBOL, price(SYMBOL, 110)).replace("\"auto\"", "\"SOR\""));
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(200);
        return gateway.tree(placed);
    }

    @Test
    void an_order_of_a_stock_that_krx_has_suspended_trades_on_nxt() {
        start("halted");
        gateway.setMarket("{\"halt\":\"" + SYMBOL + "\",\"venue\":\"KRX\"}");
        Await.until(
                "the halt is known",
                () -> preview(SYMBOL).at("/routing/reason").asString().equals("HALTED"));
        JsonNode order = buy(SYMBOL);
        assertChosen(order, "NXT", "HALTED");
        await(order, "FILLED");
    }

    @Test
    @Requirement(value = "A-23", clause = "refused")
    @Requirement(value = "A-23", clause = "hysteresis")
    void after_a_refusal_for_the_venue_orders_of_the_stock_go_to_the_other_one_for_a_while() {
        start("refused:8*", "--order-venue-hold=3s");
        gateway.fault("{\"refuse_orders\":{\"count\":1,\"path\":\"order-cash:KRX\"}}");
        JsonNode refused = await(buy(SYMBOL), "REJECTED");
        assertChosen(refused, "KRX", "USUAL");
        assertThat(refused.path("reason").asString()).contains("80000000");
        assertThat(gateway.json("/v1/orders").path("orders"))
                .as("nothing was sent again")
                .hasSize(1);

        JsonNode next = buy(SYMBOL);
        assertChosen(next, "NXT", "REFUSED");
        assertThat(next.at("/routing/krx/refusal").asString()).isEqualTo("80000000");
        await(next, "FILLED");
        assertChosen(buy("000660"), "KRX", "USUAL");
        Await.until(
                "KRX is tried again",
                () -> preview(SYMBOL).path("venue").asString().equals("KRX"));
    }

    @Test
    @Requirement(value = "A-23", clause = "slow")
    void orders_leave_a_venue_that_answers_slowly() {
        start("slow:300", "--order-venue-hold=5s");
        gateway.fault("{\"latency_ms\":{\"value\":600,\"for\":\"60s\",\"on\":\"orders\",\"path\":\"order-cash:KRX\"}}");
        for (int i = 0; i < 3; i++) {
            JsonNode slow = place(SYMBOL, price(SYMBOL, 80));
            if (slow.path("venue").asString().equals("NXT")) {
                break;
            }
            await(slow, "SENT");
        }
        JsonNode order = buy(SYMBOL);
        assertChosen(order, "NXT", "SLOW");
        assertThat(order.at("/routing/krx/answer_ms").asLong()).isGreaterThan(500);
        await(order, "FILLED");
    }

    @Test
    @Requirement(value = "A-23", clause = "volume")
    void orders_avoid_the_venue_with_hardly_any_volume() {
        JsonNode krx;
        JsonNode nxt;
        start("volume:1");
        krx = gateway.json("/v1/quotes/" + SYMBOL + "?venue=KRX");
        nxt = gateway.json("/v1/quotes/" + SYMBOL + "?venue=NXT");
        long between = (krx.path("volume").asLong() + nxt.path("volume").asLong()) / 2;
        assertThat(nxt.path("volume").asLong()).isLessThan(between);
        gateway.close();

        start("volume:" + between);
        assertChosen(buy(SYMBOL), "KRX", "VOLUME");
    }

    @Test
    void the_better_price_of_both_books_decides() {
        start("price:0");
        var chosen = new TreeSet<String>();
        Await.until("either venue had the better price", () -> {
            // What is taken from one book makes it the dearer one for a moment.
            String venue = chosen.contains("NXT") ? "NXT" : "KRX";
            long best = gateway.json("/v1/orderbooks/" + SMALL + "?venue=" + venue)
                    .at("/asks/0/price")
                    .asLong();
            long qty = gateway.json("/v1/orderbooks/" + SMALL + "?venue=" + venue)
                    .at("/asks/0/qty")
                    .asLong();
            send(
                    "taken" + ++keys,
                    "{\"account_id\":\"A1\",\"symbol\":\"" + SMALL + "\",\"side\":\"BUY\",\"qty\":" + qty
                            + ",\"price\":" + best + ",\"venue\":\"" + venue + "\"}");
            JsonNode figures = preview(SMALL);
            long krx = figures.at("/routing/krx/best").asLong();
            long nxt = figures.at("/routing/nxt/best").asLong();
            assertThat(Math.min(krx, nxt)).isPositive();
            if (krx == nxt) {
                assertChosen(figures, "KRX", "USUAL");
            } else {
                assertChosen(figures, krx < nxt ? "KRX" : "NXT", "PRICE");
                chosen.add(figures.path("venue").asString());
            }
            return chosen.size() == 2;
        });
    }

    @Test
    void what_one_venue_alone_trades_needs_no_figures() {
        start("halted,price:1");
        JsonNode order = buy(FUND);
        assertChosen(order, "KRX", "ONLY_OPEN");
        assertThat(order.at("/routing/nxt/accepts").asBoolean()).isFalse();
        assertThat(order.at("/routing/krx/best").isNull()).isTrue();
    }

    @Test
    @Requirement(value = "A-23", clause = "before")
    void a_repeated_request_and_an_order_in_doubt_stay_on_their_venue() {
        start("refused:8*");
        gateway.fault("{\"lose_answers\":{\"count\":1}}");
        long calls = gateway.brokerCalls("order-cash");
        String body = body(SYMBOL, price(SYMBOL, 110));
        var first = send("again", body);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        String id = gateway.tree(first).path("order_id").asString();
        Await.until(
                "its answer is lost",
                () -> gateway.json("/v1/orders/" + id + "/events").toString().contains("SendInDoubt"));
        gateway.fault("{\"refuse_orders\":{\"count\":1,\"path\":\"order-cash:KRX\"}}");
        await(place(SYMBOL, price(SYMBOL, 105)), "REJECTED");
        assertThat(preview(SYMBOL).path("venue").asString()).isEqualTo("NXT");

        assertThat(send("again", body).body()).isEqualTo(first.body());
        JsonNode order = await(gateway.tree(first), "FILLED");
        assertChosen(order, "KRX", "USUAL");
        assertThat(order.path("kis_order_nos")).hasSize(1);
        assertThat(gateway.brokerCalls("order-cash") - calls)
                .as("sent once each: this order, and the one that KRX refused")
                .isEqualTo(2);
    }

    @Test
    void what_cannot_be_routed_is_refused() {
        start("none");
        var refused = Map.of(
                "{\"account_id\":\"A1\",\"symbol\":\"AAPL.NASD\",\"side\":\"BUY\",\"qty\":1,\"price\":1,\"venue\":\"AUTO\"}",
                "AUTO",
                "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1,\"venue\":\"AUT\"}",
                "AUTO");
        refused.forEach((body, word) -> {
            var answer = send("k" + ++keys, body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(gateway.tree(answer).path("code").asString()).isEqualTo("INVALID_ORDER_TYPE");
            assertThat(gateway.tree(answer).path("message").asString()).contains(word);
        });
        var parent = gateway.send(
                "POST",
                "/v1/parents",
                "{\"kind\":\"SCHEDULED\",\"order\":" + body("AAPL.NASD", ",\"price\":1")
                        + ",\"at\":\"2030-01-01T09:00:00+09:00\",\"until\":\"2030-01-01T10:00:00+09:00\"}",
                "Idempotency-Key",
                "parent");
        assertThat(parent.statusCode()).isEqualTo(400);
        assertThat(parent.body()).contains("INVALID_ORDER_TYPE", "omit it for AAPL.NASD");
        assertChosen(buy(SYMBOL), "KRX", "USUAL");
    }

    private JsonNode parent(String body) {
        var answer = gateway.send("POST", "/v1/parents", body, "Idempotency-Key", "parent-" + ++keys);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return parentOf(gateway.tree(answer).path("parent_id").asString());
    }

    private JsonNode parentOf(String id) {
        var answer = gateway.get("/v1/parents/" + id);
        gateway.contract().check("GET", "/v1/parents/{id}", answer);
        return gateway.tree(answer);
    }

    /** The order of a leg, once it is placed. */
    private JsonNode child(JsonNode parent, int leg) {
        String id = parent.path("parent_id").asString();
        String pointer = "/legs/" + leg + "/order_id";
        Await.until("leg " + leg + " is placed", () -> {
            String child = parentOf(id).at(pointer).asString("");
            return !child.isEmpty() && gateway.get("/v1/orders/" + child).statusCode() == 200;
        });
        return order(parentOf(id).at(pointer).asString());
    }

    private void haltKrx() {
        gateway.setMarket("{\"halt\":\"" + SYMBOL + "\",\"venue\":\"KRX\"}");
        Await.until(
                "the halt is known",
                () -> preview(SYMBOL).at("/routing/reason").asString().equals("HALTED"));
    }

    @Test
    void the_venue_of_a_scheduled_order_is_chosen_when_it_is_placed() {
        start("halted");
        String at = Instant.now().plusSeconds(15).toString();
        String limited = body(SYMBOL, price(SYMBOL, 110));
        var preview = gateway.send("POST", "/v1/orders/preview?at=" + at, limited);
        gateway.contract().check("POST", "/v1/orders/preview", preview);
        assertThat(gateway.tree(preview).at("/figures/venue_reason").asString()).isEqualTo("ROUTED");
        assertThat(gateway.tree(preview).at("/figures/routing").isNull()).isTrue();
        JsonNode parent = parent("{\"kind\":\"SCHEDULED\",\"order\":" + limited + ",\"at\":\"" + at + "\"}");
        assertThat(parent.at("/order/venue").asString()).isEqualTo("AUTO");

        haltKrx();

        JsonNode order = child(parent, 0);
        assertChosen(order, "NXT", "HALTED");
        JsonNode accepted = gateway.json("/v1/orders/" + order.path("order_id").asString() + "/events")
                .path(0);
        assertThat(accepted.at("/data/routing/reason").asString()).isEqualTo("HALTED");
        assertThat(accepted.at("/data/routing/krx/halted").asBoolean()).isTrue();
        assertThat(parentOf(parent.path("parent_id").asString())
                        .at("/order/venue")
                        .asString())
                .isEqualTo("AUTO");
    }

    @Test
    void each_order_of_a_bracket_is_on_the_venue_that_is_chosen_for_it() {
        start("halted");
        JsonNode parent = parent("{\"kind\":\"BRACKET\",\"order\":" + body(SYMBOL, price(SYMBOL, 110))
                + ",\"take_profit\":{" + price(SYMBOL, 125).substring(1) + "},\"stop\":{"
                + price(SYMBOL, 80).substring(1) + "}}");
        assertChosen(child(parent, 0), "KRX", "USUAL");
        JsonNode profit = child(parent, 1);
        assertChosen(profit, "KRX", "USUAL");
        haltKrx();
        // A change keeps that the venue is open.
        String id = parent.path("parent_id").asString();
        var changed = gateway.send(
                "POST",
                "/v1/parents/" + id + "/modify",
                "{\"stop\":{" + price(SYMBOL, 75).substring(1) + "}}");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(gateway.json("/v1/parents/" + id + "/events").toString()).contains("\"routed\":true");
    }

    @Test
    void each_line_of_a_basket_and_each_slice_is_on_the_venue_that_is_chosen_for_it() {
        start("halted");
        haltKrx();
        String fund = "{\"symbol\":\"" + FUND + "\",\"qty\":1,\"venue\":\"AUTO\"" + price(FUND, 110) + "}";
        String stock = "{\"symbol\":\"" + SYMBOL + "\",\"qty\":1,\"venue\":\"AUTO\"" + price(SYMBOL, 110) + "}";
        String basket =
                "{\"kind\":\"BASKET\",\"account_id\":\"A1\",\"side\":\"BUY\",\"orders\":[" + fund + "," + stock + "]}";
        JsonNode parent = parent(basket);
        assertChosen(child(parent, 0), "KRX", "ONLY_OPEN");
        assertChosen(child(parent, 1), "NXT", "HALTED");

        JsonNode slices = parent("{\"kind\":\"TWAP\",\"slices\":2,\"until\":\""
                + Instant.now().plusSeconds(12) + "\",\"order\":"
                + body(SYMBOL, price(SYMBOL, 110)).replace("\"qty\":1", "\"qty\":2") + "}");
        assertChosen(child(slices, 0), "NXT", "HALTED");
        assertChosen(child(slices, 1), "NXT", "HALTED");
    }

    @Test
    void a_preview_names_the_venue_and_why() {
        start("halted");
        JsonNode figures = preview(SYMBOL);
        assertThat(figures.path("venue").asString()).isEqualTo("KRX");
        assertThat(figures.path("venue_reason").asString()).isEqualTo("ROUTED");
        assertThat(figures.at("/routing/reason").asString()).isEqualTo("USUAL");
        assertThat(gateway.json("/v1/orders").path("orders")).isEmpty();
    }
}
