package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Orders for US stocks from the API to the simulator, on a day by New York's hours. */
@Tag("slow")
class UsOrdersTest {
    private static final String APPLE = "AAPL.NASD";

    @TempDir
    private Path folder;

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private KisSimulator simulator;
    private GatewayFixture gateway;
    private long keys;

    @BeforeEach
    void start() {
        start("2026-11-20T23:40:00", Map.of());
    }

    private void start(String korean, Map<String, String> settings) {
        ahead.set(Duration.between(Instant.now(), at(korean)));
        InstantSource clock = () -> Instant.now().plus(ahead.get());
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new KrxCalendar(), clock)
                .withRates(1_000, 1_000)
                .withSynchronous("OFF"));
        startGateway(settings);
    }

    private void startGateway(Map<String, String> settings) {
        var all = new HashMap<>(Map.of(
                "SIMULATOR_URL",
                simulator.restBase().toString(),
                "SIMULATOR_CLOCK",
                "real",
                "SIMULATOR_RATE_LIMIT",
                "1000",
                "KIS_ENV",
                "sim",
                // The list of open orders comes later than the notices, which these tests are about.
                "ORDER_RECONCILE_EVERY",
                "20s",
                "RISK_REFUSE_SELF_CROSS",
                "false",
                "ORDER_DISPATCH_BY_LIMIT",
                "60s"));
        all.putAll(settings);
        gateway = GatewayFixture.startInTime(folder, simulator.restBase(), ahead, all);
        gateway.awaitReady();
    }

    @AfterEach
    void stop() {
        gateway.close();
        simulator.close();
    }

    private static Instant at(String korean) {
        return LocalDateTime.parse(korean).atZone(ZoneId.of("Asia/Seoul")).toInstant();
    }

    private void until(String korean) {
        gateway.jump(Duration.between(Instant.now().plus(ahead.get()), at(korean)));
        gateway.awaitReady();
    }

    private BigDecimal last() {
        return gateway.json("/v1/quotes/" + APPLE).path("price").decimalValue();
    }

    /** A price in cents, some percent away from the last. */
    private String price(int percent) {
        return last().multiply(BigDecimal.valueOf(100 + percent))
                .divide(BigDecimal.valueOf(100), 2, RoundingMode.DOWN)
                .toPlainString();
    }

    private static String body(String fields) {
        return "{\"account_id\":\"A1\",\"symbol\":\"" + APPLE + "\"," + fields + "}";
    }

    private String place(String fields) {
        var answer = gateway.send("POST", "/v1/orders", body(fields), "Idempotency-Key", "k" + keys++);
        assertThat(answer.statusCode()).as("%s: %s", fields, answer.body()).isEqualTo(200);
        gateway.contract().check("POST", "/v1/orders", answer);
        return gateway.tree(answer).path("order_id").asString();
    }

    private JsonNode refused(String fields) {
        var answer = gateway.send("POST", "/v1/orders", body(fields), "Idempotency-Key", "k" + keys++);
        assertThat(answer.statusCode()).as("%s: %s", fields, answer.body()).isBetween(400, 501);
        return gateway.tree(answer);
    }

    private JsonNode order(String id) {
        var answer = gateway.get("/v1/orders/" + id);
        gateway.contract().check("GET", "/v1/orders/{id}", answer);
        return gateway.tree(answer);
    }

    private JsonNode awaitStatus(String id, String... statuses) {
        Await.until(
                "order " + id + " is " + String.join(" or ", statuses),
                () -> List.of(statuses).contains(order(id).path("status").asString()));
        return order(id);
    }

    private void change(String id, String what, String body) {
        var answer = gateway.send("POST", "/v1/orders/" + id + "/" + what, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static String buy(int qty, String price) {
        return "\"side\":\"BUY\",\"qty\":" + qty + ",\"price\":" + price;
    }

    @Test
    void an_order_is_filled_by_its_notice_with_prices_in_dollars_and_the_account_has_its_shares() {
        String resting = place(buy(1, price(-10))); // the first open order registers the notices
        fillByNoticeAlone("orders");
        change(resting, "cancel", "");
        awaitStatus(resting, "CANCELED");
        String price = price(+1);
        JsonNode filled = awaitStatus(place(buy(3, price)), "FILLED");
        assertThat(filled.path("price").decimalValue()).isEqualByComparingTo(price);
        assertThat(filled.path("currency").asString()).isEqualTo("USD");
        assertThat(filled.path("venue").asString()).isEqualTo("NASD");
        assertThat(filled.path("order_type").asString()).isEqualTo("LIMIT");
        assertThat(filled.path("trading_day").asString()).isEqualTo("2026-11-20");
        assertThat(filled.path("kis_order_no").asString()).matches("[0-9]{10}");
        var value = BigDecimal.ZERO;
        for (JsonNode fill : filled.path("fills")) {
            assertThat(fill.path("source").asString()).isEqualTo("NOTICE");
            assertThat(fill.path("price").decimalValue()).isLessThanOrEqualTo(new BigDecimal(price));
            value = value.add(fill.path("value").decimalValue());
        }
        assertThat(filled.path("avg_price").decimalValue().multiply(BigDecimal.valueOf(3)))
                .isCloseTo(value, within(new BigDecimal("0.001")));

        var positions = gateway.get("/v1/positions?account_id=A1&market=us");
        gateway.contract().check("GET", "/v1/positions", positions);
        JsonNode position = gateway.tree(positions).path(0);
        assertThat(position.path("symbol").asString()).isEqualTo(APPLE);
        assertThat(position.path("qty").asLong()).isEqualTo(3);
        assertThat(position.path("currency").asString()).isEqualTo("USD");
        assertThat(position.path("cost").decimalValue()).isEqualByComparingTo(value);
        JsonNode balance = gateway.json("/v1/balances?account_id=A1&market=all").path(1);
        assertThat(balance.path("currency").asString()).isEqualTo("USD");
        // The commission of a quarter of a percent, cut to cents.
        var commission = value.multiply(new BigDecimal("0.0025")).setScale(2, RoundingMode.DOWN);
        assertThat(balance.path("deposit_in_two_days").decimalValue())
                .isBetween(
                        new BigDecimal(1_000_000).subtract(value).subtract(commission),
                        new BigDecimal(1_000_000).subtract(value));
        JsonNode execution = gateway.json("/v1/executions?account_id=A1&symbol=" + APPLE)
                .path("executions")
                .path(0);
        assertThat(execution.path("currency").asString()).isEqualTo("USD");
        assertThat(gateway.json("/v1/session/pool").toString())
                .contains("H0GSCNI0")
                .contains("\"own\"");
    }

    /** Waits until the notices are registered, and hides what is sent from here on in the broker's list, which may be faster. */
    private void fillByNoticeAlone(String target) {
        Await.until(
                "notices of US orders are registered",
                () -> gateway.brokerState().path("sessions").toString().contains("H0GSCNI0"));
        gateway.fault("{\"hide_orders_seconds\":{\"on\":\"" + target + "\",\"value\":100000}}");
    }

    @Test
    void a_resting_order_is_repriced_reduced_and_cancelled() {
        String id = place(buy(10, price(-10)));
        String first = awaitStatus(id, "SENT").path("kis_order_no").asString();
        String lower = price(-11);
        change(id, "modify", "{\"price\":" + lower + "}");
        Await.until("it is re-priced", () -> order(id).path("kis_order_nos").size() == 2);
        JsonNode repriced = awaitStatus(id, "SENT");
        assertThat(repriced.path("price").decimalValue()).isEqualByComparingTo(lower);
        assertThat(repriced.path("kis_order_nos").path(0).asString()).isEqualTo(first);
        change(id, "modify", "{\"qty\":4}");
        Await.until("it is reduced", () -> order(id).path("qty").asLong() == 4);
        awaitStatus(id, "SENT");
        change(id, "cancel", "");
        JsonNode ended = awaitStatus(id, "CANCELED");
        assertThat(ended.path("filled_qty").asLong()).isZero();
        assertThat(reconcile().path("mismatched").asLong()).isZero();
    }

    private JsonNode reconcile() {
        return gateway.tree(gateway.operate("POST", "/v1/orders/reconcile", ""));
    }

    @Test
    void orders_of_new_yorks_day_are_followed_across_seouls_midnight_on_which_numbers_begin_again() {
        String before = place(buy(5, price(-10)));
        awaitStatus(before, "SENT");
        until("2026-11-21T00:05:00");
        String after = place(buy(7, price(-10)));
        JsonNode second = awaitStatus(after, "SENT");
        assertThat(second.path("trading_day").asString()).isEqualTo("2026-11-20");
        assertThat(second.path("kis_order_no")).isNotNull();
        JsonNode report = reconcile();
        assertThat(report.path("adopted").asLong()).as(report.toString()).isZero();
        assertThat(report.path("mismatched").asLong()).as(report.toString()).isZero();
        change(before, "modify", "{\"price\":" + price(+1) + "}");
        assertThat(awaitStatus(before, "FILLED").path("filled_qty").asLong()).isEqualTo(5);
        change(after, "cancel", "");
        assertThat(awaitStatus(after, "CANCELED").path("filled_qty").asLong()).isZero();
    }

    @Test
    void equal_numbers_of_two_dates_in_one_trading_day_are_two_orders() {
        Map<String, String> apples = new HashMap<>();
        Map<String, String> others = new HashMap<>();
        for (int i = 1; i <= 15; i++) {
            String id = place(buy(i, price(-10)));
            apples.put(awaitStatus(id, "SENT").path("kis_order_no").asString(), id);
        }
        until("2026-11-21T00:05:00");
        for (int i = 1; i <= 15; i++) {
            var answer = gateway.send(
                    "POST",
                    "/v1/orders",
                    "{\"account_id\":\"A1\",\"symbol\":\"MSFT.NASD\"," + buy(i, "100") + "}",
                    "Idempotency-Key",
                    "other" + i);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            String id = gateway.tree(answer).path("order_id").asString();
            others.put(awaitStatus(id, "SENT").path("kis_order_no").asString(), id);
        }
        var equal = apples.keySet().stream().filter(others::containsKey).toList();
        assertThat(equal).as("numbers that both dates have").isNotEmpty();

        JsonNode report = reconcile();
        assertThat(report.path("adopted").asLong()).as(report.toString()).isZero();
        assertThat(report.path("mismatched").asLong()).as(report.toString()).isZero();
        String apple = apples.get(equal.getFirst());
        fillByNoticeAlone("revisions");
        change(apple, "modify", "{\"price\":" + price(+1) + "}");
        JsonNode filled = awaitStatus(apple, "FILLED");
        assertThat(filled.path("fills").path(0).path("source").asString()).isEqualTo("NOTICE");
        String other = others.get(equal.getFirst());
        assertThat(order(other).path("status").asString()).isEqualTo("SENT");
        change(other, "cancel", "");
        awaitStatus(other, "CANCELED");
        assertThat(gateway.alerts("number_of_another")).isEmpty();
        assertThat(gateway.json("/v1/orders?status=open&account_id=A1").path("orders"))
                .hasSize(28);
    }

    @Test
    void an_order_whose_answer_is_lost_is_found_on_the_list() {
        gateway.fault("{\"lose_answers\":1}");
        String id = place(buy(2, price(-9)));
        awaitStatus(id, "UNKNOWN", "SENT");
        JsonNode found = awaitStatus(id, "SENT");
        assertThat(found.path("kis_order_nos")).hasSize(1);
    }

    @Test
    void an_open_order_survives_a_restart_of_the_gateway() {
        String id = place(buy(4, price(-10)));
        String number = awaitStatus(id, "SENT").path("kis_order_no").asString();
        gateway.close();
        startGateway(Map.of());
        JsonNode after = order(id);
        assertThat(after.path("status").asString()).isEqualTo("SENT");
        assertThat(after.path("kis_order_no").asString()).isEqualTo(number);
        fillByNoticeAlone("revisions");
        change(id, "modify", "{\"price\":" + price(+1) + "}");
        JsonNode filled = awaitStatus(id, "FILLED");
        assertThat(filled.path("fills").path(0).path("source").asString()).isEqualTo("NOTICE");
    }

    @Test
    void sessions_types_and_venues_are_checked_before_a_call() {
        assertThat(refused("\"side\":\"BUY\",\"qty\":1").path("code").asString())
                .isEqualTo("INVALID_ORDER_TYPE");
        assertThat(refused(buy(1, price(-1)) + ",\"venue\":\"NXT\"")
                        .path("message")
                        .asString())
                .contains("AAPL.NASD is not traded on NXT; venue is NASD");
        assertThat(refused(buy(1, price(-1)) + ",\"session\":\"DAY_MARKET\"")
                        .path("code")
                        .asString())
                .isEqualTo("OUT_OF_TRADING_WINDOW");
        assertThat(refused("\"side\":\"BUY\",\"qty\":1,\"order_type\":\"MOC\"")
                        .path("message")
                        .asString())
                .contains("KIS has no MOC BUY order on NASD");
        assertThat(refused(buy(1, price(-1)) + ",\"order_type\":\"STOP_LIMIT\",\"stop_price\":187.34")
                        .path("message")
                        .asString())
                .contains("KIS has no STOP_LIMIT BUY order on NASD");
        assertThat(refused(buy(1, price(-1)) + ",\"order_type\":\"LOO\"")
                        .path("code")
                        .asString())
                .isEqualTo("OUT_OF_TRADING_WINDOW");
        assertThat(refused("\"side\":\"BUY\",\"qty\":1,\"price\":300.123")
                        .path("details")
                        .path("nearest")
                        .toString())
                .isEqualTo("[300.12,300.13]");
        assertThat(refused("\"side\":\"BUY\",\"qty\":1,\"price\":300.12345")
                        .path("code")
                        .asString())
                .isEqualTo("INVALID_PRICE");
        assertThat(refused("\"side\":\"SELL\",\"qty\":1,\"price\":300")
                        .path("code")
                        .asString())
                .isEqualTo("INSUFFICIENT_POSITION_QTY");
    }

    @Test
    void an_order_for_the_close_is_filled_there_and_a_resting_one_ends_with_the_after_market() {
        String close = place(buy(2, price(+5)) + ",\"order_type\":\"LOC\"");
        String rest = place(buy(2, price(-20)));
        awaitStatus(close, "SENT");
        awaitStatus(rest, "SENT");
        until("2026-11-21T05:59:58");
        assertThat(awaitStatus(close, "FILLED").path("filled_qty").asLong()).isEqualTo(2);
        until("2026-11-21T06:59:58");
        awaitStatus(rest, "EXPIRED", "CANCELED");
        assertThat(order(rest).path("filled_qty").asLong()).isZero();
    }

    @Test
    void an_order_of_the_day_market_is_placed_changed_and_ends_with_it() {
        until("2026-11-23T11:00:00");
        assertThat(refused(buy(1, "300")).path("code").asString()).isEqualTo("OUT_OF_TRADING_WINDOW");
        String id = place("\"side\":\"BUY\",\"qty\":3,\"price\":200,\"session\":\"day_market\"");
        awaitStatus(id, "SENT");
        change(id, "modify", "{\"price\":201}");
        Await.until("it is re-priced", () -> order(id).path("kis_order_nos").size() == 2);
        assertThat(order(id).path("session").asString()).isEqualTo("DAY_MARKET");
        assertThat(order(id).path("trading_day").asString()).isEqualTo("2026-11-23");
        until("2026-11-23T17:59:58");
        awaitStatus(id, "EXPIRED", "CANCELED");
    }

    @Test
    void the_documented_order_is_accepted() throws IOException {
        var page = Files.readString(Path.of("..", "docs", "ORDERS.md"));
        var example = page.substring(page.indexOf("<!-- this example is sent by UsOrdersTest -->"));
        var body = example.substring(example.indexOf("-d '") + 4, example.indexOf("}'") + 1);
        var answer = gateway.send("POST", "/v1/orders", body, "Idempotency-Key", "apple-1");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        awaitStatus(gateway.tree(answer).path("order_id").asString(), "SENT");
    }

    @Test
    void a_daily_loss_that_is_unknown_in_dollars_refuses_purchases_and_says_so() {
        gateway.close();
        startGateway(Map.of("RISK_DAILY_LOSS", "1000000"));
        JsonNode refusal = refused(buy(1, "250"));
        assertThat(refusal.path("code").asString()).isEqualTo("UNSUPPORTED_BY_SOURCE");
        assertThat(refusal.path("message").asString()).contains("daily_loss of gateway cannot be checked");
    }

    @Test
    void limits_count_in_the_currency_of_the_order() {
        var set = gateway.operate(
                "PUT",
                "/v1/risk/limits",
                "{\"gateway\":{\"daily_orders\":2,\"max_qty\":10000,\"max_notional\":1000,\"max_notional_usd\":2500.5,"
                        + "\"check_cash\":true,\"refuse_managed\":true,\"refuse_self_cross\":false,\"deny\":[\"KO.NYSE\"]}}");
        assertThat(set.statusCode()).as(set.body()).isEqualTo(200);
        JsonNode tooMuch = refused(buy(10, "251"));
        assertThat(tooMuch.path("code").asString()).isEqualTo("NOTIONAL_LIMIT_EXCEEDED");
        assertThat(tooMuch.path("message").asString())
                .contains("2500.5 dollars")
                .contains("max_notional_usd");
        awaitStatus(place(buy(10, "250")), "SENT");
        awaitStatus(place(buy(1, "250")), "SENT");
        assertThat(refused(buy(1, "250")).path("code").asString()).isEqualTo("DAILY_LIMIT_EXCEEDED");
        var korean = gateway.send(
                "POST",
                "/v1/orders",
                "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1,\"price\":70000}",
                "Idempotency-Key",
                "korean");
        assertThat(gateway.tree(korean).path("code").asString()).isEqualTo("NOTIONAL_LIMIT_EXCEEDED");
        JsonNode power = gateway.json("/v1/buying-power?account_id=A1&symbol=" + APPLE + "&price=250");
        assertThat(power.path("currency").asString()).isEqualTo("USD");
        assertThat(power.path("qty").asLong()).isEqualTo(10);
        assertThat(power.path("limits").path(0).path("limit_name").asString()).isEqualTo("max_notional_usd");
    }
}
