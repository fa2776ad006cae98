package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kr.kisgateway.market.Costs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code /v1/buying-power}, compared with the simulator's own answer and with what the checks of an order accept. */
@Tag("slow")
class BuyingPowerTest {
    private static HttpClient http;
    private static final String SAMSUNG = "005930";
    private static final String PATH = "/v1/buying-power";
    private static final String QUERY = PATH + "?account_id=A1&symbol=" + SAMSUNG;

    /** Wide enough that cash alone bounds a buy. */
    private static final String WIDE = gateway(100_000_000, 1_000_000_000_000L)
            + ",\"accounts\":{\"A1\":{\"max_qty\":null,\"max_position\":null}},\"keys\":{\"local\":{\"max_notional\":null,\"daily_notional\":null}}";

    @TempDir
    static Path folder;

    private static GatewayFixture gateway;
    private static FaceClient broker;

    @BeforeAll
    static void start() {
        http = HttpClient.newHttpClient();
        gateway = GatewayFixture.start(
                folder,
                Map.of(
                        "KIS_ENV", "sim",
                        "SIMULATOR_RATE_LIMIT", "5000",
                        "SIMULATOR_CLOCK", "open-fixed",
                        "KIS_APP_KEY", "PSBUYINGPOWER000000000000000000000001",
                        "KIS_APP_SECRET", "b".repeat(180),
                        "KIS_ACCOUNT_NO", "50001234-01",
                        "KIS_HTS_ID", "power01"));
        gateway.awaitReady();
        broker = new FaceClient(
                http,
                URI.create(
                        "http://127.0.0.1:" + gateway.gateway().simulatorPort().orElseThrow()),
                "PSANOTHER0000000000000000000000000001",
                "a".repeat(180),
                "50001234",
                "01",
                "power01");
        assertThat(broker.login().statusCode()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        http.close();
    }

    @AfterEach
    void reset() {
        gateway.fault("{\"clear\":true}");
        limits(WIDE);
        for (var order : open()) {
            var id = order.path("order_id").asString();
            assertThat(gateway.send("POST", "/v1/orders/" + id + "/cancel", "").statusCode())
                    .isEqualTo(200);
        }
        Await.until("no open order", () -> open().isEmpty());
    }

    private static String gateway(long qty, long notional) {
        return "\"gateway\":{\"daily_orders\":10000,\"check_cash\":true,\"refuse_managed\":true,\"max_qty\":" + qty
                + ",\"max_notional\":" + notional + "}";
    }

    private static void limits(String members) {
        var answer = gateway.operate("PUT", "/v1/risk/limits", "{" + members + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static List<JsonNode> open() {
        return gateway.json("/v1/orders?status=open")
                .path("orders")
                .valueStream()
                .toList();
    }

    private static JsonNode power(String query) {
        var answer = gateway.get(QUERY + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        gateway.contract().check("GET", PATH, answer);
        return gateway.tree(answer);
    }

    private static long limit(String which) {
        return gateway.json("/v1/instruments/" + SAMSUNG).path(which).asLong();
    }

    /** The simulator's own figures. */
    private static JsonNode brokerPower(String division, long price) {
        var query = broker.account();
        query.putAll(Map.of(
                "PDNO",
                SAMSUNG,
                "ORD_UNPR",
                Long.toString(price),
                "ORD_DVSN",
                division,
                "CMA_EVLU_AMT_ICLD_YN",
                "N",
                "OVRS_ICLD_YN",
                "N"));
        var answer =
                broker.get("/uapi/domestic-stock/v1/trading/inquire-psbl-order", broker.headers("TTTC8908R"), query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return FaceClient.JSON.readTree(answer.body()).path("output");
    }

    private static void assertKis(JsonNode kis, JsonNode expected) {
        Map.of(
                        "cash", "ord_psbl_cash",
                        "unit_price", "psbl_qty_calc_unpr",
                        "amount", "nrcvb_buy_amt",
                        "qty", "nrcvb_buy_qty",
                        "max_amount", "max_buy_amt",
                        "max_qty", "max_buy_qty")
                .forEach((ours, theirs) -> assertThat(kis.path(ours).asLong(-1))
                        .as(ours)
                        .isEqualTo(Long.parseLong(expected.path(theirs).asString())));
    }

    /** The code with which a buy would be refused; empty when the checks pass. */
    private static String check(long qty, String more) {
        var answer = gateway.send(
                "POST",
                "/v1/risk/check",
                "{\"account_id\":\"A1\",\"symbol\":\"" + SAMSUNG + "\",\"side\":\"BUY\",\"qty\":" + qty + more + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return gateway.tree(answer).path("reason").asString("");
    }

    private static long cash() {
        return gateway.json("/v1/balances?account_id=A1")
                .path(0)
                .path("cash_available")
                .asLong();
    }

    private static void assertOwn(JsonNode own, long unitPrice) {
        long qty = own.path("qty").asLong();
        long amount = qty * unitPrice;
        assertThat(own.path("unit_price").asLong()).isEqualTo(unitPrice);
        assertThat(own.path("cash_available").asLong()).isEqualTo(cash());
        assertThat(own.path("fee").asLong()).isEqualTo(Costs.usual().commission(amount));
        assertThat(own.path("cost").asLong()).isEqualTo(amount + own.path("fee").asLong());
        assertThat(own.path("cost").asLong()).isLessThanOrEqualTo(cash());
        long next = amount + unitPrice;
        assertThat(next + Costs.usual().commission(next)).isGreaterThan(cash());
    }

    @Test
    void at_a_limit_price_kis_and_the_gateway_give_their_figures_and_the_checks_agree() {
        limits(WIDE);
        long price = limit("lower_limit");
        var power = power("&price=" + price);
        assertThat(power.path("order_type").asString()).isEqualTo("LIMIT");
        assertThat(power.path("price").asLong()).isEqualTo(price);
        assertKis(power.path("kis"), brokerPower("00", price));
        assertOwn(power.path("gateway"), price);
        long qty = power.path("qty").asLong();
        assertThat(qty)
                .isPositive()
                .isEqualTo(Math.min(
                        power.at("/kis/qty").asLong(), power.at("/gateway/qty").asLong()));
        assertThat(power.path("bound_by").asString())
                .isEqualTo(power.at("/kis/qty").asLong() == qty ? "KIS" : "CASH");
        long own = power.at("/gateway/qty").asLong();
        assertThat(check(own, ",\"price\":" + price)).isEmpty();
        assertThat(check(own + 1, ",\"price\":" + price)).isEqualTo("INSUFFICIENT_CASH");

        var answer = gateway.send(
                "POST",
                "/v1/orders",
                "{\"account_id\":\"A1\",\"symbol\":\"" + SAMSUNG + "\",\"side\":\"BUY\",\"qty\":10,\"price\":" + price
                        + "}",
                "Idempotency-Key",
                "open");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        Await.until(
                "the order rests",
                () -> open().stream()
                        .allMatch(it -> it.path("status").asString().equals("SENT")));
        var after = power("&price=" + price);
        assertKis(after.path("kis"), brokerPower("00", price));
        assertOwn(after.path("gateway"), price);
        assertThat(after.at("/gateway/qty").asLong()).isEqualTo(own - 10);
        assertThat(after.at("/kis/qty").asLong())
                .isLessThan(power.at("/kis/qty").asLong());
    }

    @Test
    void a_type_that_no_price_bounds_counts_at_the_upper_limit_and_asks_kis_with_01() {
        limits(WIDE);
        long upper = limit("upper_limit");
        long price = limit("lower_limit");
        for (var query : List.of("", "&order_type=best", "&order_type=CONDITIONAL&price=" + price)) {
            var power = power(query);
            assertKis(power.path("kis"), brokerPower("01", 0));
            assertThat(power.at("/kis/unit_price").asLong()).as(query).isEqualTo(upper);
            assertOwn(power.path("gateway"), upper);
            assertThat(power.path("qty").asLong())
                    .isLessThan(power("&price=" + price).path("qty").asLong());
        }
        long own = power("").at("/gateway/qty").asLong();
        assertThat(check(own, "")).isEmpty();
        assertThat(check(own + 1, "")).isEqualTo("INSUFFICIENT_CASH");
    }

    @Test
    void the_strictest_layer_of_each_limit_bounds_the_quantity() {
        long price = limit("lower_limit");
        limits(gateway(9, 1_000_000_000) + ",\"accounts\":{\"A1\":{\"max_qty\":7,\"max_position\":6}},"
                + "\"keys\":{\"local\":{\"max_notional\":" + 5 * price + "}}");
        var power = power("&price=" + price);
        assertThat(power.path("limits").valueStream().map(JsonNode::toString))
                .containsExactly(
                        bound("max_notional", "key local", 5 * price, 5),
                        bound("max_position", "account A1", 6, 6),
                        bound("max_qty", "account A1", 7, 7));
        assertThat(power.path("qty").asLong()).isEqualTo(5);
        assertThat(power.path("bound_by").asString()).isEqualTo("LIMIT");
        assertThat(check(5, ",\"price\":" + price)).isEmpty();
        assertThat(check(6, ",\"price\":" + price)).isEqualTo("NOTIONAL_LIMIT_EXCEEDED");

        // Four shares that rest count for the position.
        var answer = gateway.send(
                "POST",
                "/v1/orders",
                "{\"account_id\":\"A1\",\"symbol\":\"" + SAMSUNG + "\",\"side\":\"BUY\",\"qty\":4,\"price\":" + price
                        + "}",
                "Idempotency-Key",
                "position");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var after = power("&price=" + price);
        assertThat(after.path("qty").asLong()).isEqualTo(2);
        assertThat(after.at("/limits/0/limit_name").asString()).isEqualTo("max_position");
        assertThat(check(2, ",\"price\":" + price)).isEmpty();
        assertThat(check(3, ",\"price\":" + price)).isEqualTo("POSITION_LIMIT_EXCEEDED");
    }

    @Test
    void what_the_days_buys_may_still_cost_bounds_the_quantity() {
        long price = limit("lower_limit");
        String days = ",\"keys\":{\"local\":{\"daily_notional\":" + 1_000_000_000_000L + "}}";
        limits(gateway(100_000, 1_000_000_000_000L) + days);
        long left = power("&price=" + price)
                .path("limits")
                .valueStream()
                .filter(it -> it.path("limit_name").asString().equals("daily_notional"))
                .findFirst()
                .orElseThrow()
                .path("qty")
                .asLong();
        // What the other tests of this class have bought counts, too.
        long bought = 1_000_000_000_000L / price - left;
        long limit = (bought + 4) * price + price / 2;
        limits(gateway(100_000, 1_000_000_000_000L) + ",\"keys\":{\"local\":{\"daily_notional\":" + limit + "}}");
        var power = power("&price=" + price);
        assertThat(power.at("/limits/0/limit_name").asString()).isEqualTo("daily_notional");
        assertThat(power.at("/limits/0/layer").asString()).isEqualTo("key local");
        long qty = power.path("qty").asLong();
        assertThat(qty).isBetween(3L, 5L);
        assertThat(check(qty, ",\"price\":" + price)).isEmpty();
        assertThat(check(qty + 1, ",\"price\":" + price)).isEqualTo("DAILY_LIMIT_EXCEEDED");
    }

    private static String bound(String name, String layer, long limit, long qty) {
        return "{\"limit_name\":\"" + name + "\",\"layer\":\"" + layer + "\",\"limit\":" + limit + ",\"qty\":" + qty
                + "}";
    }

    @Test
    void without_an_answer_of_kis_there_is_no_figure() {
        gateway.fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"inquire-psbl-order\",\"for\":\"5m\"}}");
        var answer = gateway.get(QUERY);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(gateway.tree(answer).path("code").asString()).isEqualTo("PORTFOLIO_PROVIDER_UNAVAILABLE");
        assertThat(gateway.get("/v1/balances?account_id=A1").headers().firstValue("X-Data-State"))
                .contains("KNOWN");
    }

    @Test
    void unusable_questions_are_refused_by_name() {
        assertRefused("?symbol=" + SAMSUNG, "MISSING_FIELD");
        assertRefused("?account_id=A1", "MISSING_FIELD");
        assertRefused("?account_id=B7&symbol=" + SAMSUNG, "ACCOUNT_NOT_FOUND");
        assertRefused("?account_id=A1&symbol=AAPL.NASD", "PRICE_REQUIRED_FOR_LIMIT");
        assertRefused("?account_id=A1&symbol=ZZZZZZ", "SYMBOL_NOT_FOUND");
        var one = "?account_id=A1&symbol=" + SAMSUNG;
        assertRefused(one + "&side=SELL", "INVALID_FIELD");
        assertRefused(one + "&order_type=LIMIT", "PRICE_REQUIRED_FOR_LIMIT");
        assertRefused(one + "&order_type=MARKET&price=70000", "PRICE_NOT_ALLOWED_FOR_MARKET");
        assertRefused(one + "&order_type=LIMITT&price=70000", "INVALID_ORDER_TYPE");
        assertRefused(one + "&price=-1", "INVALID_PRICE");
        assertRefused(one + "&price=70000.5", "INVALID_PRICE");
        assertRefused(one + "&price=" + (limit("lower_limit") + 1), "INVALID_TICK_SIZE");
    }

    private static void assertRefused(String query, String code) {
        var answer = gateway.get(PATH + query);
        assertThat(gateway.tree(answer).path("code").asString(""))
                .as("%s: %s", query, answer.body())
                .isEqualTo(code);
        gateway.contract().check("GET", PATH, answer);
    }
}
