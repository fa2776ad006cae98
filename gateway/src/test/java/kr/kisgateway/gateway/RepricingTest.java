package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Orders whose price the gateway chooses: at an offset from the last price, and another one while they rest. */
@Tag("slow")
class RepricingTest {
    private static final String KOSPI = "005930";
    private static final String KOSDAQ = "247540";
    private static final String KONEX = "066830";

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private GatewayFixture gateway;
    private int keys;

    private void start(Map<String, String> more) {
        Map<String, String> settings = new LinkedHashMap<>(
                Map.of("KIS_ENV", "sim", "SIMULATOR_RATE_LIMIT", "5000", "SIMULATOR_CLOCK", "open-fixed"));
        settings.putAll(more);
        gateway = GatewayFixture.start(folder.resolve("sim"), settings);
        gateway.awaitReady();
    }

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
        http.close();
    }

    private static String body(String symbol, String side, long qty, String more) {
        return "{\"account_id\":\"A1\",\"symbol\":\"" + symbol + "\",\"side\":\"" + side + "\",\"qty\":" + qty + more
                + "}";
    }

    private HttpResponse<String> send(String key, String body) {
        return gateway.send("POST", "/v1/orders", body, "Idempotency-Key", key);
    }

    private String place(String body) {
        var answer = send("k" + ++keys, body);
        assertThat(answer.statusCode()).as(body + answer.body()).isEqualTo(200);
        gateway.contract().check("POST", "/v1/orders", answer);
        return gateway.tree(answer).path("order_id").asString("");
    }

    private JsonNode order(String id) {
        var answer = gateway.get("/v1/orders/" + id);
        gateway.contract().check("GET", "/v1/orders/{id}", answer);
        return gateway.tree(answer);
    }

    private long last(String symbol) {
        return gateway.json("/v1/quotes/" + symbol).path("price").asLong();
    }

    /** The price at an offset of the last one, on the tick below it or above. */
    private static long offset(long last, int percent, long tick) {
        long exact = last * (100 + percent) / 100;
        return percent < 0 ? exact / tick * tick : (exact + tick - 1) / tick * tick;
    }

    /** Places an order at an offset until the last price was the same before and after it. */
    private long offsetPrice(String symbol, String side) {
        for (int i = 0; i < 50; i++) {
            long before = last(symbol);
            JsonNode order = order(place(body(symbol, side, 1, ",\"offset\":\"auto\",\"reprice\":{\"max\":0}")));
            if (last(symbol) == before) {
                assertThat(order.path("order_type").asString()).isEqualTo("LIMIT");
                return order.path("price").asLong() * 1_000_000 + before;
            }
        }
        throw new AssertionError("the last price of " + symbol + " never stayed");
    }

    private void assertOffset(String symbol, String side, int percent) {
        long both = offsetPrice(symbol, side);
        long price = both / 1_000_000;
        long last = both % 1_000_000;
        long tick = tickOf(price);
        assertThat(price)
                .as("%s %s at %s, the last price is %s", side, symbol, price, last)
                .isEqualTo(offset(last, percent, tick));
    }

    /** The tick table of 2023 on, for prices below 500,000 won. */
    private static long tickOf(long price) {
        return price < 2_000
                ? 1
                : price < 5_000 ? 5 : price < 20_000 ? 10 : price < 50_000 ? 50 : price < 200_000 ? 100 : 500;
    }

    @Test
    @Requirement(value = "A-21", clause = "kospi")
    @Requirement(value = "A-21", clause = "kosdaq")
    @Requirement(value = "A-21", clause = "snapped")
    void a_buy_is_priced_below_and_a_sale_above_the_last_price_by_the_percentage_of_its_board() {
        start(Map.of());
        for (String symbol : List.of(KOSPI, KOSDAQ)) {
            String bought = place(body(symbol, "BUY", 60, ""));
            Await.until(
                    "shares to sell",
                    () -> order(bought).path("status").asString().equals("FILLED"));
        }
        assertOffset(KOSPI, "BUY", -2);
        assertOffset(KOSPI, "SELL", 2);
        assertOffset(KOSDAQ, "BUY", -3);
        assertOffset(KOSDAQ, "SELL", 3);
    }

    @Test
    @Requirement(value = "A-21", clause = "table")
    @Requirement(value = "A-21", clause = "collar")
    void the_table_is_a_setting_and_a_negative_percentage_is_the_other_side_but_not_beyond_the_collar() {
        start(Map.of("ORDER_OFFSETS", "KOSPI:-1.5,KOSDAQ:-12", "RISK_COLLAR_PCT", "10"));
        long last = last(KOSPI);
        JsonNode bought = order(place(body(KOSPI, "BUY", 1, ",\"offset\":\"auto\"")));
        assertThat(bought.path("price").asLong()).isGreaterThan(last);
        Await.until(
                "it is filled at once",
                () -> order(bought.path("order_id").asString())
                        .path("status")
                        .asString()
                        .equals("FILLED"));

        var tooFar = send("far", body(KOSDAQ, "BUY", 1, ",\"offset\":\"auto\""));
        assertThat(gateway.tree(tooFar).path("code").asString())
                .as(tooFar.body())
                .isEqualTo("PRICE_COLLAR");
    }

    @Test
    @Requirement(value = "A-22", clause = "reprice")
    @Requirement(value = "A-22", clause = "asked")
    void what_rests_is_re_priced_toward_the_last_price_as_often_as_requested_and_a_plain_order_never() {
        start(Map.of());
        long last = last(KOSPI);
        long low = offset(last, -10, 500);
        String plain = place(body(KOSPI, "BUY", 1, ",\"price\":" + low));
        String id = place(body(KOSPI, "BUY", 5, ",\"offset\":\"auto\",\"reprice\":{\"after_ms\":5000,\"max\":2}"));
        long first = order(id).path("price").asLong();
        assertThat(order(id).path("repricing").path("done").asInt()).isZero();

        Await.until(
                "it got another price", () -> order(id).at("/repricing/done").asInt() == 1);
        Await.until("KIS has it", () -> order(id).path("price").asLong() > first);
        long second = order(id).path("price").asLong();
        Await.until("and the last", () -> order(id).at("/repricing/done").asInt() == 2);
        Await.until(
                "which is the last price",
                () -> order(id).path("price").asLong() > second
                        || order(id).path("status").asString().equals("FILLED"));
        gateway.setMarket("{\"move\":\"" + KOSPI + "\",\"to\":" + offset(last, -4, 500) + "}");
        Await.until("so it is filled", () -> order(id).path("status").asString().equals("FILLED"));

        JsonNode events = gateway.json("/v1/orders/" + id + "/events");
        assertThat(events.valueStream()
                        .filter(event -> event.path("type").asString().equals("ModifyRequested"))
                        .map(event -> event.at("/data/key").asString()))
                .as(events.toString())
                .containsExactly("reprice:" + id + ":1", "reprice:" + id + ":2");
        assertThat(order(plain).path("price").asLong()).isEqualTo(low);
        assertThat(order(plain).path("repricing").isNull()).isTrue();
        assertThat(gateway.alerts("order_repriced"))
                .as("each price is reported")
                .hasSize(2)
                .allSatisfy(alert ->
                        assertThat(alert.path("message").asString()).contains(id, "rested and is given the price"));
        assertThat(order(plain).path("last_change").isNull()).isTrue();
    }

    private long events(String id, String type) {
        return gateway.json("/v1/orders/" + id + "/events")
                .valueStream()
                .filter(event -> event.path("type").asString().equals(type))
                .count();
    }

    /** Moves the market up until the order got its {@code n}-th price: the price is another one then. */
    private void awaitPrice(String id, int n, long last) {
        Await.until("price " + n, () -> {
            gateway.setMarket("{\"move\":\"" + KOSPI + "\",\"to\":" + offset(last, 2 + n, 500) + "}");
            return order(id).at("/repricing/done").asInt() >= n;
        });
    }

    @Test
    @Requirement(value = "A-22", clause = "refused")
    void a_price_that_kis_refused_is_followed_by_one_that_is_computed_again_and_by_no_third() {
        start(Map.of());
        long last = last(KOSPI);
        gateway.fault("{\"refuse_prices\":{\"count\":2,\"on\":[\"revisions\"]}}");
        String id = place(body(KOSPI, "BUY", 1, ",\"offset\":\"auto\",\"reprice\":{\"after_ms\":1000,\"max\":1}"));
        long first = order(id).path("price").asLong();
        Await.until("the first is refused", () -> events(id, "BrokerRefused") == 1);
        assertThat(order(id).path("price").asLong()).isEqualTo(first);

        awaitPrice(id, 2, last); // one more than requested, as the first was refused
        Await.until("so is the second", () -> events(id, "BrokerRefused") == 2);
        Await.until("an alert", () -> gateway.json("/v1/alerts").toString().contains("order_not_repriced"));
        assertThat(order(id).path("status").asString()).isEqualTo("SENT");
        assertThat(order(id).at("/repricing/done").asInt()).isEqualTo(2);
        assertThat(order(id).path("price").asLong()).isEqualTo(first);
    }

    @Test
    void the_price_after_a_refused_one_is_the_last_step_when_that_was_refused() {
        start(Map.of());
        long last = last(KOSPI);
        gateway.fault("{\"refuse_prices\":{\"count\":1,\"on\":[\"revisions\"]}}");
        String id = place(body(KOSPI, "BUY", 1, ",\"offset\":\"auto\",\"reprice\":{\"after_ms\":1000,\"max\":1}"));
        long first = order(id).path("price").asLong();
        Await.until("it is refused", () -> events(id, "BrokerRefused") == 1);
        awaitPrice(id, 2, last);
        Await.until("KIS has it", () -> order(id).path("price").asLong() > first);
        assertThat(order(id).at("/repricing/done").asInt()).isEqualTo(2);
        assertThat(order(id).path("price").asLong())
                .as("the last price, not one at an offset of it")
                .isGreaterThan(offset(last, 1, 500));
    }

    @Test
    @Requirement(value = "A-22", clause = "reprice")
    void a_price_that_kis_did_not_take_is_followed_by_the_next_only_after_the_time_again() {
        start(Map.of());
        gateway.fault("{\"rate_limit_storm\":{\"count\":3,\"on\":[\"revisions\"]}}");
        String id = place(body(KOSPI, "BUY", 1, ",\"offset\":\"auto\",\"reprice\":{\"after_ms\":2000,\"max\":2}"));
        Await.until("no attempt reached KIS", () -> events(id, "BrokerRefused") == 1);
        Await.until("the next", () -> order(id).at("/repricing/done").asInt() == 2);
        JsonNode events = gateway.json("/v1/orders/" + id + "/events");
        Instant failed = time(events, "BrokerRefused", 0);
        assertThat(time(events, "ModifyRequested", 1))
                .as(events.toString())
                .isAfterOrEqualTo(time(events, "SendStarted", 3).plusMillis(2_000))
                .isAfter(failed.plusMillis(1_000));
    }

    private static Instant time(JsonNode events, String type, int n) {
        return events.valueStream()
                .filter(event -> event.path("type").asString().equals(type))
                .skip(n)
                .map(event -> Instant.parse(event.path("at").asString()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_placing_that_is_refused_for_its_price_is_final() {
        start(Map.of());
        gateway.fault("{\"refuse_prices\":{\"count\":1}}");
        String id = place(body(KOSPI, "BUY", 1, ",\"offset\":\"auto\",\"reprice\":{\"after_ms\":1000,\"max\":2}"));
        Await.until("it is refused", () -> order(id).path("status").asString().equals("REJECTED"));
        assertThat(gateway.json("/v1/orders").path("orders")).hasSize(1);
        assertThat(order(id).at("/repricing/done").asInt()).isZero();
    }

    @Test
    void a_restart_goes_on_with_the_next_price() throws Exception {
        try (var simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new OpenCalendar(), InstantSource.system())
                .withRates(5_000, 5_000)
                .withSynchronous("OFF"))) {
            var process = new GatewayProcess(
                    http,
                    folder,
                    simulator.restBase(),
                    Map.of("ORDER_OFFSETS", "KOSPI:10")); // so far that only its last price meets the market
            try {
                var answer = http.send(
                        HttpRequest.newBuilder(
                                        process.post(
                                                "/v1/orders",
                                                body(
                                                        KOSPI,
                                                        "BUY",
                                                        2,
                                                        ",\"offset\":\"auto\",\"reprice\":{\"after_ms\":1000,\"max\":4}")),
                                        (_, _) -> true)
                                .header("Idempotency-Key", "restart")
                                .build(),
                        BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                String id = FaceClient.tree(answer).path("order_id").asString();
                Await.until("one price", () -> {
                    JsonNode order = process.get("/v1/orders/" + id);
                    return order.at("/repricing/done").asInt() >= 1
                            && order.path("status").asString().equals("SENT");
                });
                process.kill();
                process.start();
                Await.until(
                        "all prices",
                        () -> process.get("/v1/orders/" + id)
                                        .at("/repricing/done")
                                        .asInt()
                                == 4);
                assertThat(process.get("/v1/orders/" + id + "/events")
                                .valueStream()
                                .filter(event -> event.path("type").asString().equals("ModifyRequested"))
                                .map(event -> event.at("/data/key").asString()))
                        .containsExactly(
                                "reprice:" + id + ":1",
                                "reprice:" + id + ":2",
                                "reprice:" + id + ":3",
                                "reprice:" + id + ":4");
            } finally {
                process.kill();
            }
        }
    }

    @Test
    void a_repeated_request_is_the_same_order_though_the_last_price_has_moved() {
        start(Map.of());
        String body = body(KOSPI, "BUY", 1, ",\"offset\":\"auto\"");
        String id = gateway.tree(send("same", body)).path("order_id").asString("");
        long price = last(KOSPI);
        gateway.setMarket("{\"move\":\"" + KOSPI + "\",\"to\":" + offset(price, 4, 500) + "}");
        Await.until("it moved", () -> last(KOSPI) != price);
        var again = send("same", body);
        assertThat(again.headers().firstValue("Idempotent-Replay")).contains("true");
        assertThat(gateway.tree(again).path("order_id").asString()).isEqualTo(id);
        var other = send("same", body(KOSPI, "BUY", 1, ",\"offset\":\"auto\",\"reprice\":{\"max\":1}"));
        assertThat(gateway.tree(other).path("code").asString()).isEqualTo("IDEMPOTENCY_KEY_BODY_MISMATCH");
    }

    @Test
    @Requirement(value = "A-21", clause = "undefined")
    void what_has_no_offset_or_cannot_be_re_priced_is_refused() {
        start(Map.of("ORDER_OFFSETS", "KOSDAQ:3"));
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put(body(KOSPI, "BUY", 1, ",\"offset\":\"auto\""), "OFFSET_NOT_DEFINED");
        refused.put(body("069500", "BUY", 1, ",\"offset\":\"auto\""), "OFFSET_NOT_DEFINED");
        refused.put(body(KONEX, "BUY", 1, ",\"offset\":\"auto\""), "OFFSET_NOT_DEFINED");
        refused.put(body("AAPL.NASD", "BUY", 1, ",\"offset\":\"auto\""), "OFFSET_NOT_DEFINED");
        refused.put(body("AAPL.NASD", "BUY", 1, ",\"price\":100,\"reprice\":{\"max\":1}"), "INVALID_ORDER_TYPE");
        refused.put(body(KOSDAQ, "BUY", 1, ",\"offset\":\"2\""), "INVALID_FIELD");
        refused.put(body(KOSDAQ, "BUY", 1, ",\"offset\":\"auto\",\"price\":100000"), "INVALID_FIELD");
        refused.put(body(KOSDAQ, "BUY", 1, ",\"offset\":\"auto\",\"order_type\":\"MARKET\""), "INVALID_ORDER_TYPE");
        refused.put(body(KOSDAQ, "BUY", 1, ",\"offset\":\"auto\",\"time_in_force\":\"IOC\""), "INVALID_ORDER_TYPE");
        refused.put(body(KOSDAQ, "BUY", 1, ",\"reprice\":{}"), "INVALID_ORDER_TYPE");
        String conditional = ",\"order_type\":\"CONDITIONAL\"";
        refused.put(body(KOSDAQ, "BUY", 1, conditional + ",\"offset\":\"auto\""), "INVALID_ORDER_TYPE");
        refused.put(
                body(KOSDAQ, "BUY", 1, conditional + ",\"price\":100000,\"reprice\":{\"max\":1}"),
                "INVALID_ORDER_TYPE");
        refused.put(body(KOSDAQ, "BUY", 1, ",\"price\":100000,\"reprice\":{\"max\":0}"), "INVALID_FIELD");
        refused.put(body(KOSDAQ, "BUY", 1, ",\"price\":100000,\"reprice\":{\"max\":11}"), "INVALID_FIELD");
        refused.put(body(KOSDAQ, "BUY", 1, ",\"price\":100000,\"reprice\":{\"after_ms\":999}"), "INVALID_FIELD");
        refused.put(body(KOSDAQ, "BUY", 1, ",\"price\":100000,\"reprice\":{\"times\":1}"), "UNKNOWN_FIELD");
        refused.put(body(KOSDAQ, "BUY", 1, ",\"price\":100000,\"reprice\":5"), "INVALID_FIELD");
        refused.forEach((body, code) -> assertThat(
                        gateway.tree(send("k" + ++keys, body)).path("code").asString(""))
                .as(body)
                .isEqualTo(code));
        assertThat(gateway.json("/v1/orders").path("orders")).isEmpty();
    }

    @Test
    @Requirement(value = "A-22", clause = "asked")
    void a_conditional_order_that_rests_is_never_re_priced() {
        start(Map.of());
        long low = offset(last(KOSPI), -10, 500);
        String id = place(body(KOSPI, "BUY", 1, ",\"order_type\":\"CONDITIONAL\",\"price\":" + low));
        String priced = place(body(KOSPI, "BUY", 5, ",\"offset\":\"auto\",\"reprice\":{\"after_ms\":1000,\"max\":1}"));
        Await.until(
                "another order is re-priced meanwhile",
                () -> order(priced).at("/repricing/done").asInt() == 1);
        assertThat(order(id).path("price").asLong()).isEqualTo(low);
        assertThat(order(id).path("repricing").isNull()).isTrue();
        assertThat(events(id, "ModifyRequested")).isZero();
    }

    @Test
    @Requirement(value = "A-22", clause = "market")
    @Requirement(value = "A-22", clause = "blind")
    void a_market_order_that_rests_for_two_seconds_is_an_alert_and_is_not_sent_again() {
        start(Map.of());
        gateway.fault("{\"exchange_delay_ms\":20000}");
        String id = place(body(KOSPI, "BUY", 1, ""));
        Await.until("an alert", () -> gateway.json("/v1/alerts").toString().contains("market_order_rests"));
        assertThat(gateway.json("/v1/alerts").toString()).contains(id);
        Await.until("an event", () -> events(id, "FoundResting") == 1);
        JsonNode found = gateway.json("/v1/orders/" + id + "/events")
                .valueStream()
                .filter(event -> event.path("type").asString().equals("FoundResting"))
                .findFirst()
                .orElseThrow();
        assertThat(found.at("/data/rested_ms").asLong()).isGreaterThanOrEqualTo(2_000);
        gateway.fault("{\"clear\":true}");
        Await.until("it is filled", () -> order(id).path("status").asString().equals("FILLED"));
        assertThat(gateway.json("/v1/orders").path("orders")).hasSize(1);
        assertThat(order(id).path("kis_order_nos")).hasSize(1);
    }

    @Test
    void the_example_of_the_documentation_is_placed_and_re_priced() throws Exception {
        start(Map.of());
        String page = Files.readString(Path.of("..", "docs", "ORDERS.md"));
        String example = page.substring(page.indexOf("<!-- this example is sent by RepricingTest -->"));
        String body = example.substring(example.indexOf("-d '") + 4);
        String id = place(body.substring(0, body.indexOf('\'')));
        assertThat(order(id).path("repricing").toString())
                .isEqualTo("{\"offset\":true,\"after_ms\":5000,\"max\":2,\"done\":0}");
    }

    @Test
    void a_price_of_the_caller_ends_the_re_pricing() {
        start(Map.of());
        String id = place(body(KOSPI, "BUY", 1, ",\"offset\":\"auto\",\"reprice\":{\"after_ms\":5000,\"max\":5}"));
        String other = place(body(KOSPI, "BUY", 1, ",\"offset\":\"auto\",\"reprice\":{\"after_ms\":5000,\"max\":2}"));
        Await.until("it rests", () -> order(id).path("status").asString().equals("SENT"));
        long own = offset(last(KOSPI), -8, 500);
        var modified = gateway.send("POST", "/v1/orders/" + id + "/modify", "{\"price\":" + own + "}");
        assertThat(modified.statusCode()).as(modified.body()).isEqualTo(200);
        int done = order(id).at("/repricing/done").asInt();
        Await.until(
                "the other order got all its prices",
                () -> order(other).at("/repricing/done").asInt() == 2);
        assertThat(order(id).at("/repricing/done").asInt()).isEqualTo(done);
        assertThat(order(id).path("price").asLong()).isEqualTo(own);
    }

    @Test
    void a_price_beyond_the_limits_is_reported_and_the_order_rests_on() {
        start(Map.of("RISK_MAX_NOTIONAL", "2000000"));
        long last = last(KOSPI);
        // Its value passes the limit at the first price, and not at the last one.
        long qty = 2_000_000 / offset(last, -2, 500);
        String id = place(body(KOSPI, "BUY", qty, ",\"offset\":\"auto\",\"reprice\":{\"after_ms\":1000,\"max\":1}"));
        gateway.setMarket("{\"move\":\"" + KOSPI + "\",\"to\":" + offset(last, 10, 500) + "}");
        Await.until("an alert", () -> gateway.json("/v1/alerts").toString().contains("order_not_repriced"));
        assertThat(gateway.json("/v1/alerts").toString()).contains(id).contains("NOTIONAL_LIMIT_EXCEEDED");
        assertThat(order(id).path("status").asString()).isEqualTo("SENT");
        assertThat(order(id).path("last_change").isNull()).isTrue();
    }
}
