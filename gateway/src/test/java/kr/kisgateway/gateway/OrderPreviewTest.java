package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Product;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/orders/preview} beside the placing of the same body, on whole gateways. */
@Tag("slow")
class OrderPreviewTest {
    private static final String PATH = "/v1/orders/preview";
    private static final String SAMSUNG = "005930";

    /** KODEX 200, of which sales are not taxed. */
    private static final String ETF = "069500";

    private static final String WIDE = limits(100_000_000, "\"check_cash\":true,\"refuse_managed\":true");

    @TempDir
    static Path folder;

    private static GatewayFixture gateway;
    private static int keys;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(
                folder.resolve("sim"),
                Map.of("KIS_ENV", "sim", "SIMULATOR_RATE_LIMIT", "5000", "SIMULATOR_CLOCK", "open-fixed"));
        gateway.awaitReady();
        setLimits(WIDE);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void reset() {
        gateway.fault("{\"clear\":true}");
        killSwitch(false);
        setLimits(WIDE);
        gateway.awaitReady();
        var cancelled = gateway.send(
                "POST", "/v1/orders/cancel-all", "{\"account_id\":\"A1\"}", "Idempotency-Key", "reset-" + ++keys);
        assertThat(cancelled.statusCode()).as(cancelled.body()).isEqualTo(200);
        Await.until("no open order", () -> orders("?status=open").isEmpty());
    }

    private static String limits(long qty, String more) {
        return "{\"gateway\":{\"daily_orders\":10000,\"max_notional\":1000000000000,\"max_qty\":" + qty + "," + more
                + "},\"accounts\":{\"A1\":null},\"strategies\":{\"swing\":null},\"keys\":{\"local\":null}}";
    }

    /** Sets the same with a finer layer of the account. */
    private static void limitAccount(String finer) {
        setLimits(WIDE);
        setLimits(WIDE.replace("\"A1\":null", "\"A1\":{" + finer + "}"));
    }

    private static void setLimits(String body) {
        var current = gateway.json("/v1/risk/limits");
        var complete = body;
        for (var kind : List.of("accounts", "strategies", "keys")) {
            if (current.path(kind).isEmpty()) {
                complete =
                        complete.replaceAll("\"" + kind + "\":\\{\"(A1|swing|local)\":null\\}", "\"" + kind + "\":{}");
            }
        }
        // A limit in force has to be named to be removed.
        var layer = new ArrayList<String>();
        current.path("gateway").propertyStream().forEach(it -> layer.add(it.getKey()));
        for (var name : layer) {
            if (!complete.contains("\"" + name + "\"")) {
                complete = complete.replaceFirst("\"gateway\":\\{", "\"gateway\":{\"" + name + "\":null,");
            }
        }
        var answer = gateway.operate("PUT", "/v1/risk/limits", complete);
        assertThat(answer.statusCode()).as(complete + answer.body()).isEqualTo(200);
    }

    private static void killSwitch(boolean on) {
        assertThat(gateway.operate("POST", "/v1/risk/kill-switch", "{\"on\":" + on + ",\"reason\":\"test\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    private static List<JsonNode> orders(String query) {
        return gateway.json("/v1/orders" + query).path("orders").valueStream().toList();
    }

    private static long limit(String symbol, String which) {
        gateway.json("/v1/quotes/" + symbol); // with it the limits of the day become known
        return gateway.json("/v1/instruments/" + symbol).path(which).asLong();
    }

    private static String order(String side, long qty, String more) {
        return "{\"account_id\":\"A1\",\"symbol\":\"" + SAMSUNG + "\",\"side\":\"" + side + "\",\"qty\":" + qty + more
                + "}";
    }

    private static HttpResponse<String> place(GatewayFixture at, String body) {
        return at.send("POST", "/v1/orders", body, "Idempotency-Key", "preview-test-" + ++keys);
    }

    private static JsonNode preview(GatewayFixture at, String body) {
        var answer = at.send("POST", PATH, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        at.contract().check("POST", PATH, answer);
        return at.tree(answer);
    }

    private static JsonNode preview(String body) {
        return preview(gateway, body);
    }

    /** Previews a body, then places it, and compares. Returns the code of both refusals; empty when both accept. */
    private static String agree(GatewayFixture at, String body) {
        int before = at.json("/v1/orders?limit=1000").path("orders").size();
        var preview = preview(at, body);
        assertThat(at.json("/v1/orders?limit=1000").path("orders").size())
                .as("a preview places nothing")
                .isEqualTo(before);
        var placed = place(at, body);
        var expected = withoutLastPrice(at.tree(placed));
        var refusal = withoutLastPrice(preview.path("refusal"));
        assertThat(preview.path("ok").asBoolean())
                .as("%s%n%s%n%s", body, preview, placed.body())
                .isEqualTo(placed.statusCode() == 200);
        if (placed.statusCode() != 200) {
            for (var field : List.of("code", "message", "retryable", "details")) {
                assertThat(refusal.path(field)).as(body + ": " + field).isEqualTo(expected.path(field));
            }
        } else {
            assertThat(refusal.isNull()).isTrue();
            preview.at("/figures/limits")
                    .forEach(it -> assertThat(it.path("ok").asBoolean())
                            .as(it.toString())
                            .isTrue());
        }
        return refusal.path("code").asString("");
    }

    /** A refusal that names the last price, without it: it may move between a preview and its order. */
    private static JsonNode withoutLastPrice(JsonNode refusal) {
        if (!refusal.path("details").has("last")) {
            return refusal;
        }
        var without = (ObjectNode) refusal.deepCopy();
        String message = without.path("message").asString();
        assertThat(message)
                .contains(" the last price, " + without.at("/details/last").asString() + " won");
        without.put("message", message.replaceFirst("the last price, [0-9]+ won", "the last price"));
        ((ObjectNode) without.path("details")).remove("last");
        return without;
    }

    private static void assertBoth(String body, String code) {
        assertThat(agree(gateway, body)).as(body).isEqualTo(code);
    }

    private static void holdShares() {
        var bought = place(gateway, order("BUY", 10, ""));
        assertThat(bought.statusCode()).as(bought.body()).isEqualTo(200);
        Await.until(
                "the shares may be sold",
                () -> gateway.json("/v1/positions?account_id=A1")
                                .path(0)
                                .path("sellable_qty")
                                .asLong()
                        >= 10);
    }

    @Test
    void orders_that_are_accepted_are_previewed_as_accepted() {
        holdShares();
        long low = limit(SAMSUNG, "lower_limit");
        long high = limit(SAMSUNG, "upper_limit");
        for (var body : List.of(
                order("BUY", 3, ",\"price\":" + low),
                order("BUY", 1, ""),
                order("buy", 1, ",\"order_type\":\"best\",\"time_in_force\":\"ioc\",\"venue\":\"SOR\""),
                order("BUY", 2, ",\"order_type\":\"CONDITIONAL\",\"price\":" + low),
                order("BUY", 2, ",\"venue\":\"NXT\",\"strategy_id\":\"value\",\"price\":" + low),
                order("SELL", 2, ",\"price\":" + high),
                order("SELL", 1, ""))) {
            assertBoth(body, "");
        }
    }

    @Test
    void each_refusal_of_the_contract_is_previewed_as_it_is_answered() {
        for (var refused : Map.ofEntries(
                        Map.entry(order("BUY", 0, ""), "INVALID_QTY"),
                        Map.entry(order("BUY", 1, ",\"price\":0"), "INVALID_PRICE"),
                        Map.entry(order("BUY", 1, ",\"price\":1000,\"stop_price\":1000"), "INVALID_PRICE"),
                        Map.entry(order("HOLD", 1, ""), "INVALID_SIDE"),
                        Map.entry(order("BUY", 1, ",\"order_type\":\"LMT\""), "INVALID_ORDER_TYPE"),
                        Map.entry(order("BUY", 1, ",\"order_type\":\"MID\",\"venue\":\"SOR\""), "INVALID_ORDER_TYPE"),
                        Map.entry(order("BUY", 1, ",\"order_type\":\"LIMIT\""), "PRICE_REQUIRED_FOR_LIMIT"),
                        Map.entry(
                                order("BUY", 1, ",\"order_type\":\"MARKET\",\"price\":1000"),
                                "PRICE_NOT_ALLOWED_FOR_MARKET"),
                        Map.entry(order("BUY", 1, "").replace("A1", "B7"), "ACCOUNT_NOT_FOUND"),
                        Map.entry(order("BUY", 1, "").replace(SAMSUNG, "nothing"), "INVALID_SYMBOL"),
                        Map.entry(order("BUY", 1, "").replace(SAMSUNG, "AAPL.NASD"), "INVALID_ORDER_TYPE"),
                        Map.entry(order("BUY", 1, "").replace(SAMSUNG, "ZZZZZZ"), "SYMBOL_NOT_FOUND"),
                        Map.entry(order("BUY", 1, ",\"dispatch_by\":\"2020-01-02T09:00:00+09:00\""), "INVALID_FIELD"),
                        Map.entry(order("BUY", 1, ",\"dispatch_by\":\"soon\""), "INVALID_FIELD"),
                        Map.entry(order("BUY", 1, ",\"strategy_id\":\"" + "x".repeat(65) + "\""), "INVALID_FIELD"))
                .entrySet()) {
            assertBoth(refused.getKey(), refused.getValue());
        }
        for (var body : List.of("{", "[]", "{\"account_id\":\"A1\"}", order("BUY", 1, ",\"quantity\":1"))) {
            var previewed = gateway.send("POST", PATH, body);
            var placed = place(gateway, body);
            assertThat(previewed.statusCode()).as(body).isEqualTo(400);
            assertThat(gateway.tree(previewed).path("code"))
                    .isEqualTo(gateway.tree(placed).path("code"));
            gateway.contract().check("POST", PATH, previewed);
        }
    }

    @Test
    void each_refusal_of_the_limits_is_previewed_as_it_is_answered() {
        holdShares();
        long low = limit(SAMSUNG, "lower_limit");
        long high = limit(SAMSUNG, "upper_limit");
        String buy = order("BUY", 10, ",\"price\":" + low);
        String sell = order("SELL", 5, ",\"price\":" + high);

        assertBoth(order("BUY", 1, ",\"price\":" + (low + 1)), "INVALID_TICK_SIZE");
        assertBoth(order("BUY", 1, ",\"price\":1000"), "PRICE_OUT_OF_LIMITS");
        assertBoth(order("BUY", 1, ",\"order_type\":\"CLOSE_PRICE\""), "OUT_OF_TRADING_WINDOW");
        assertBoth(order("SELL", 1_000_000, ",\"price\":" + high), "INSUFFICIENT_POSITION_QTY");
        assertBoth(order("BUY", 1_000_000, ",\"price\":" + low), "INSUFFICIENT_CASH");
        assertBoth(order("BUY", 9_999_999_999L, ",\"price\":" + low), "MAX_QTY_EXCEEDED");

        for (var refused : Map.of(
                        "\"max_qty\":9",
                        "MAX_QTY_EXCEEDED",
                        "\"max_notional\":" + (10 * low - 1),
                        "NOTIONAL_LIMIT_EXCEEDED",
                        "\"max_position\":12",
                        "POSITION_LIMIT_EXCEEDED",
                        "\"max_position_value\":" + 10 * low,
                        "POSITION_LIMIT_EXCEEDED",
                        "\"daily_orders\":1",
                        "DAILY_LIMIT_EXCEEDED",
                        "\"deny\":[\"" + SAMSUNG + "\"]",
                        "SYMBOL_RESTRICTED",
                        "\"allow\":[\"000660\"]",
                        "SYMBOL_RESTRICTED")
                .entrySet()) {
            limitAccount(refused.getKey());
            assertBoth(buy, refused.getValue());
        }
        limitAccount("\"sell_max_qty\":4");
        assertBoth(sell, "MAX_QTY_EXCEEDED");
        limitAccount("\"collar_pct\":1");
        assertBoth(order("BUY", 1, ",\"price\":" + high), "PRICE_COLLAR");
        limitAccount("\"refuse_self_cross\":true");
        assertBoth(sell, "");
        assertBoth(order("BUY", 1, ",\"price\":" + high), "SELF_CROSS");
        setLimits(WIDE);
        killSwitch(true);
        assertBoth(buy, "KILL_SWITCH");
        killSwitch(false);
        gateway.fault("{\"half_open_sockets\":true}");
        gateway.fault("{\"drop_sockets\":true}");
        Await.until("the socket is lost", () -> gateway.blockers().contains("WS_DISCONNECTED"));
        assertBoth(buy, "NOT_READY");
    }

    @Test
    void a_buy_shows_its_cost_and_what_it_leaves_of_cash_and_of_every_layers_limits() {
        long low = limit(SAMSUNG, "lower_limit");
        setLimits("{\"gateway\":{\"daily_orders\":10000,\"max_notional\":1000000000000,\"max_qty\":500,"
                + "\"check_cash\":true,\"refuse_managed\":true},\"accounts\":{\"A1\":{\"max_position\":400}},"
                + "\"strategies\":{\"swing\":{\"daily_orders\":7,\"max_qty\":20}},\"keys\":{}}");
        String body = order("BUY", 30, ",\"strategy_id\":\"swing\",\"price\":" + low);
        Await.until(
                "every fill is in the broker's cash",
                () -> balance().path("cash_available").equals(balance().path("deposit_in_two_days")));
        long cash = balance().path("cash_available").asLong();
        long held = held(SAMSUNG);
        long today = preview(body).at("/figures/limits/0/used").asLong(-1);
        var before = OffsetDateTime.now(ZoneOffset.UTC);

        var preview = preview(body);

        assertThat(preview.path("environment").asString()).isEqualTo("sim");
        assertThat(preview.at("/refusal/code").asString("")).isEqualTo("MAX_QTY_EXCEEDED");
        var figures = preview.path("figures");
        assertThat(figures.path("name").asString()).isEqualTo("삼성전자");
        assertThat(figures.path("venue").asString() + " "
                        + figures.path("venue_reason").asString())
                .isEqualTo("KRX DEFAULT");
        assertThat(figures.at("/window/open").asBoolean()).isTrue();
        assertThat(figures.at("/window/market_session").asString()).isEqualTo("REGULAR");
        assertThat(figures.at("/window/rests_until").isNull())
                .as("this simulated market never closes")
                .isTrue();
        assertThat(OffsetDateTime.parse(figures.path("dispatch_by").asString())).isAfter(before);
        var cost = figures.path("cost");
        long amount = 30 * low;
        long commission = Costs.usual().commission(amount);
        assertThat(cost.path("amount").asLong()).isEqualTo(amount);
        assertThat(cost.path("basis").asString()).isEqualTo("LIMIT_PRICE");
        assertThat(cost.path("commission").asLong()).isEqualTo(commission).isPositive();
        assertThat(cost.path("commission_rate_pct").decimalValue()).isEqualByComparingTo("0.0140527");
        assertThat(cost.path("tax").asLong(-1)).isZero();
        assertThat(cost.path("total").asLong()).isEqualTo(amount + commission);
        assertThat(figures.at("/cash/before").asLong()).isEqualTo(cash);
        assertThat(figures.at("/cash/reserved").asLong()).isEqualTo(amount + commission);
        assertThat(figures.at("/cash/after").asLong()).isEqualTo(cash - amount - commission);
        assertThat(figures.path("shares").isNull()).isTrue();
        assertThat(figures.path("limits").valueStream().map(JsonNode::toString))
                .containsExactly(
                        limit("daily_orders", "gateway", 10_000, today, today + 1, true),
                        limit("max_qty", "gateway", 500, -1, 30, true),
                        limit("max_notional", "gateway", 1_000_000_000_000L, -1, amount, true),
                        limit("max_position", "account A1", 400, held, held + 30, true),
                        limit("daily_orders", "strategy swing", 7, 0, 1, true),
                        limit("max_qty", "strategy swing", 20, -1, 30, false));

        // What an open order reserves and counts is gone from the next preview.
        assertBoth(order("BUY", 20, ",\"strategy_id\":\"swing\",\"price\":" + low), "");
        var next = preview(body).path("figures");
        long reserved = 20 * low + Costs.usual().commission(20 * low);
        assertThat(next.at("/cash/before").asLong()).isEqualTo(cash - reserved);
        assertThat(next.at("/limits/0/used").asLong()).isEqualTo(today + 1);
        assertThat(next.at("/limits/3/used").asLong()).isEqualTo(held + 20);
        assertThat(next.at("/limits/4/used").asLong()).isEqualTo(1);
    }

    /** @param used below zero, of a limit of one order */
    private static String limit(String name, String layer, long limit, long used, long after, boolean ok) {
        return "{\"limit_name\":\"" + name + "\",\"layer\":\"" + layer + "\",\"limit\":" + limit + ",\"used\":"
                + (used < 0 ? "null" : used) + ",\"after\":" + after + ",\"ok\":" + ok + "}";
    }

    private static JsonNode balance() {
        return gateway.json("/v1/balances?account_id=A1").path(0);
    }

    private static long held(String symbol) {
        return gateway.json("/v1/positions?account_id=A1")
                .valueStream()
                .filter(it -> it.path("symbol").asString().equals(symbol))
                .mapToLong(it -> it.path("qty").asLong())
                .sum();
    }

    @Test
    void a_sale_shows_tax_by_board_and_product_and_the_shares_that_are_left() {
        holdShares();
        long high = limit(SAMSUNG, "upper_limit");
        long sellable = preview(order("SELL", 1, ",\"price\":" + high))
                .at("/figures/shares/before")
                .asLong();
        var figures = preview(order("SELL", 7, ",\"price\":" + high)).path("figures");
        long amount = 7 * high;
        LocalDate today =
                OffsetDateTime.parse(figures.path("dispatch_by").asString()).toLocalDate();
        long tax = Costs.usual().sellTax(Board.KOSPI, Product.STOCK, amount, today);
        assertThat(figures.at("/cost/tax").asLong()).isEqualTo(tax).isPositive();
        assertThat(figures.at("/cost/tax_rate_pct").decimalValue())
                .isEqualByComparingTo(BigDecimal.valueOf(Costs.sellTaxRate(Board.KOSPI, Product.STOCK, today), 7));
        assertThat(figures.at("/cost/total").asLong())
                .isEqualTo(amount - tax - Costs.usual().commission(amount));
        assertThat(figures.at("/cash/reserved").asLong(-1)).isZero();
        assertThat(figures.at("/cash/after")).isEqualTo(figures.at("/cash/before"));
        assertThat(sellable).isGreaterThanOrEqualTo(10);
        assertThat(figures.at("/shares/after").asLong()).isEqualTo(sellable - 7);

        var etf = preview(order(
                        "SELL",
                        7,
                        ",\"price\":"
                                + gateway.json("/v1/quotes/" + ETF)
                                        .path("price")
                                        .asLong())
                .replace(SAMSUNG, ETF));
        assertThat(etf.at("/refusal/code").asString()).isEqualTo("INSUFFICIENT_POSITION_QTY");
        assertThat(etf.at("/figures/product").asString()).isEqualTo("ETF");
        assertThat(etf.at("/figures/cost/tax").asLong(-1)).isZero();
        assertThat(etf.at("/figures/shares/after").asLong()).isEqualTo(-7);
    }

    @Test
    void a_market_buy_is_estimated_at_the_last_price_and_reserves_the_upper_limit() {
        Await.until(
                "a trade of today",
                () -> preview(order("BUY", 2, ""))
                        .at("/figures/cost/basis")
                        .asString("")
                        .equals("LAST_PRICE"));
        long upper = limit(SAMSUNG, "upper_limit");
        var figures = preview(order("BUY", 2, "")).path("figures");
        assertThat(figures.at("/cash/reserved").asLong())
                .isEqualTo(2 * upper + Costs.usual().commission(2 * upper))
                .isGreaterThan(figures.at("/cost/total").asLong());
        assertThat(preview(order("BUY", 2, ",\"venue\":\"krx\""))
                        .at("/figures/venue_reason")
                        .asString())
                .isEqualTo("REQUESTED");
    }

    @Test
    void an_order_of_a_us_stock_is_previewed_in_dollars() {
        var price = gateway.json("/v1/quotes/AAPL.NASD")
                .path("price")
                .decimalValue()
                .multiply(new BigDecimal("0.9"))
                .setScale(2, RoundingMode.DOWN);
        String buy = order("BUY", 3, ",\"price\":" + price).replace(SAMSUNG, "AAPL.NASD");
        agree(gateway, buy);
        var figures = preview(buy).path("figures");
        assertThat(figures.path("currency").asString()).isEqualTo("USD");
        assertThat(figures.path("venue").asString()).isEqualTo("NASD");
        assertThat(figures.path("board").isNull()).isTrue();
        BigDecimal amount = price.multiply(BigDecimal.valueOf(3));
        assertThat(figures.at("/cost/amount").decimalValue()).isEqualByComparingTo(amount);
        assertThat(figures.at("/cost/commission").decimalValue())
                .isEqualByComparingTo(amount.multiply(new BigDecimal("0.0025")).setScale(4, RoundingMode.DOWN));
        assertThat(figures.at("/cash/reserved").decimalValue())
                .isEqualByComparingTo(figures.at("/cost/total").decimalValue());
        assertThat(figures.path("limits")
                        .valueStream()
                        .map(it -> it.path("limit_name").asString()))
                .as("a limit in won does not apply")
                .doesNotContain("max_notional");
        var sale = preview(buy.replace("BUY", "SELL")).at("/figures/cost/tax");
        assertThat(sale.isNull()).as("the fees of a US sale are not computed").isTrue();
    }

    @Test
    void the_cash_is_shown_when_no_limit_checks_it() {
        setLimits(limits(100_000_000, "\"check_cash\":false,\"refuse_managed\":true"));
        var figures = preview(order("BUY", 1, ",\"price\":" + limit(SAMSUNG, "lower_limit")))
                .path("figures");
        assertThat(figures.at("/cash/before").asLong()).isPositive();
    }

    @Test
    void a_live_gateway_previews_that_a_dry_run_is_required_and_says_that_it_is_live() {
        var live = folder.resolve("live");
        try (var simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("broker.db")))) {
            var settings = new HashMap<>(Map.of(
                    "KIS_ENV", "live",
                    "KIS_API_BASE_URL_REAL", simulator.restBase().toString(),
                    "KIS_WS_URL_LIVE", simulator.wsBase().toString(),
                    "KIS_APP_KEY", "PSabcdefghijklmnopqrstuvwxyz01234567",
                    "KIS_APP_SECRET", "x".repeat(180),
                    "KIS_ACCOUNT_NO", "50001234-01",
                    "KIS_LIVE_TRADING", "true",
                    "KIS_LIVE_ACCOUNTS", "A1"));
            var key = KeyCommands.printed(live, List.of("create", "trader", "--role", "trade", "--env", "live"))
                    .lines()
                    .flatMap(line -> List.of(line.split("\\s+")).stream())
                    .filter(token -> token.startsWith("kgw_"))
                    .findFirst()
                    .orElseThrow();
            try (var at = GatewayFixture.start(live, simulator.restBase(), settings)) {
                at.use(key);
                Await.until("the key is loaded", () -> at.get("/v1/accounts").statusCode() == 200);
                Await.until("it can trade", () -> at.blockers().isEmpty());
                at.json("/v1/quotes/" + SAMSUNG);
                Await.until(
                        "the limits of the day are known",
                        () -> at.json("/v1/instruments/" + SAMSUNG)
                                        .path("lower_limit")
                                        .asLong(0)
                                > 0);
                var body = order(
                        "BUY",
                        1,
                        ",\"price\":"
                                + at.json("/v1/instruments/" + SAMSUNG)
                                        .path("lower_limit")
                                        .asLong());
                assertThat(agree(at, body)).isEqualTo("DRY_RUN_REQUIRED");
                assertThat(preview(at, body).path("environment").asString()).isEqualTo("live");
                var later = at.send(
                        "POST",
                        "/v1/parents",
                        "{\"kind\":\"TWAP\",\"order\":" + body.replace("\"qty\":1,", "\"qty\":2,")
                                + ",\"slices\":2,\"until\":\""
                                + Instant.now().plusSeconds(3_600) + "\"}",
                        "Idempotency-Key",
                        "later");
                assertThat(at.tree(later).path("code").asString())
                        .as("%s, an order that is placed later", later.body())
                        .isEqualTo("DRY_RUN_REQUIRED");
                // A broker on this machine is a simulator, whose market is open at any hour.
                var dryRun = place(at, body.replace("}", ",\"dry_run\":true}"));
                assertThat(at.tree(dryRun).path("status").asString(""))
                        .as(dryRun.body())
                        .isEqualTo("DRY_RUN");
                assertThat(agree(at, body)).isEmpty();
            }
        }
    }

    /** The text of a query. */
    private static String at(OffsetDateTime at) {
        return "?at=" + at.toString().replace("+", "%2B");
    }

    @Test
    void an_order_of_a_later_time_is_judged_by_the_markets_hours_then_as_scheduling_it_is(@TempDir Path real) {
        var day = LocalDate.now(ZoneOffset.ofHours(9)).plusDays(1);
        while (!new KrxCalendar().isTradingDay(day)) {
            day = day.plusDays(1);
        }
        var morning = day.atTime(10, 0).atOffset(ZoneOffset.ofHours(9));
        var night = day.atTime(3, 0).atOffset(ZoneOffset.ofHours(9));
        String body = order("BUY", 3, "");
        try (var hours = GatewayFixture.start(
                real, Map.of("KIS_ENV", "sim", "SIMULATOR_RATE_LIMIT", "5000", "SIMULATOR_CLOCK", "real"))) {
            var open = hours.send("POST", PATH + at(morning), body);
            hours.contract().check("POST", PATH, open);
            var figures = hours.tree(open).path("figures");
            assertThat(hours.tree(open).path("ok").asBoolean()).as(open.body()).isTrue();
            assertThat(OffsetDateTime.parse(figures.path("placed_at").asString("")))
                    .isEqualTo(morning);
            assertThat(figures.at("/window/open").asBoolean()).isTrue();
            assertThat(figures.at("/window/market_session").asString()).isEqualTo("REGULAR");
            assertThat(OffsetDateTime.parse(figures.at("/window/rests_until").asString("")))
                    .isEqualTo(day.atTime(15, 31).atOffset(ZoneOffset.ofHours(9)));
            assertThat(OffsetDateTime.parse(figures.path("dispatch_by").asString("")))
                    .isEqualTo(morning.plusSeconds(60));

            var closed = hours.send("POST", PATH + at(night), body);
            var refusal = hours.tree(closed).path("refusal");
            assertThat(hours.tree(closed).path("ok").asBoolean()).isFalse();
            assertThat(refusal.path("code").asString()).isEqualTo("OUT_OF_TRADING_WINDOW");
            assertThat(hours.tree(closed).at("/figures/window/open").asBoolean())
                    .isFalse();
            var scheduled = hours.send(
                    "POST",
                    "/v1/parents",
                    "{\"at\":\"" + night + "\",\"order\":" + body + "}",
                    "Idempotency-Key",
                    "preview-test-" + ++keys);
            assertThat(scheduled.statusCode()).isEqualTo(400);
            assertThat(hours.tree(scheduled).path("message")).isEqualTo(refusal.path("message"));

            var past = hours.send(
                    "POST", PATH + at(OffsetDateTime.now(ZoneOffset.UTC).minusDays(1)), body);
            assertThat(hours.tree(past).at("/refusal/details/field").asString()).isEqualTo("at");
            assertThat(hours.json("/v1/parents").path("parents")).isEmpty();
        }
    }

    @Test
    void the_times_of_a_preview_are_checked_and_an_order_of_now_has_none() {
        String later = at(OffsetDateTime.now(ZoneOffset.UTC).plusHours(1));
        assertThat(preview(order("BUY", 1, "")).at("/figures/placed_at").isNull())
                .isTrue();
        assertThat(gateway.send("POST", PATH + later, order("BUY", 1, "")).statusCode())
                .isEqualTo(200);
        for (var wrong : List.of("?at=tomorrow", "?until=2026-11-24T09:00:00Z", "?on=2026-11-24")) {
            assertThat(gateway.send("POST", PATH + wrong, order("BUY", 1, "")).statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        }
        var dated = gateway.send("POST", PATH + later, order("BUY", 1, ",\"dispatch_by\":\"2026-11-24T09:00:00Z\""));
        assertThat(gateway.tree(dated).path("code").asString()).isEqualTo("UNKNOWN_FIELD");
    }

    @Test
    void a_preview_takes_less_than_20_ms() {
        String body = order("BUY", 1, ",\"price\":" + limit(SAMSUNG, "lower_limit"));
        var micros = new ArrayList<Long>();
        for (int i = 0; i < 500; i++) {
            long begin = System.nanoTime();
            var answer = gateway.send("POST", PATH, body);
            micros.add(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin));
            assertThat(answer.statusCode()).isEqualTo(200);
        }
        micros.sort(null);
        assertThat(micros.get(micros.size() / 2)).as("median, µs").isLessThan(20_000);
        System.out.println(
                "preview µs: p50 " + micros.get(250) + ", p99 " + micros.get(495) + ", max " + micros.getLast());
    }
}
