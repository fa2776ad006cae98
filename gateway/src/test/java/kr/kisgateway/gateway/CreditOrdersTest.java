package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Orders on credit from the API to the simulator: loans are taken out by buys and repaid by sales. */
@Tag("slow")
class CreditOrdersTest {
    private static final String SAMSUNG = "005930";
    private static final String CANO = "50007777";
    private static final String OPEN = ",\"credit\":{\"type\":\"SELF_LOAN_OPEN\"}";

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private KisSimulator simulator;
    private GatewayFixture gateway;
    private long keys;

    @BeforeEach
    void start() {
        ahead.set(Duration.between(Instant.now(), at("2026-11-20T10:00:00")));
        InstantSource clock = () -> Instant.now().plus(ahead.get());
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new KrxCalendar(), clock)
                .withRates(1_000, 1_000)
                .withSynchronous("OFF"));
        startGateway(Map.of("KIS_CREDIT", "true"));
    }

    private void startGateway(Map<String, String> settings) {
        var all = new HashMap<>(Map.of(
                "SIMULATOR_URL", simulator.restBase().toString(),
                "SIMULATOR_CLOCK", "real",
                "SIMULATOR_RATE_LIMIT", "1000",
                "KIS_ENV", "sim",
                "KIS_APP_KEY", "PSCREDIT00000000000000000000000000001",
                "KIS_APP_SECRET", "c".repeat(180),
                "KIS_ACCOUNT_NO", CANO + "-01",
                "KIS_HTS_ID", "credit01",
                "RISK_REFUSE_SELF_CROSS", "false",
                "RISK_MAX_NOTIONAL", "none"));
        all.put("RISK_MAX_QTY", "none");
        all.putAll(settings);
        gateway = GatewayFixture.startInTime(folder, simulator.restBase(), ahead, all);
        gateway.awaitReady();
    }

    @AfterEach
    void stop() {
        gateway.close();
        simulator.close();
        http.close();
    }

    /** The same account through another app key. */
    private FaceClient elsewhere() {
        var broker = new FaceClient(
                http,
                simulator.restBase(),
                "PSELSEWHERE00000000000000000000000001",
                "w".repeat(180),
                CANO,
                "01",
                "credit01");
        assertThat(broker.login().statusCode()).isEqualTo(200);
        return broker;
    }

    private static HttpResponse<String> creditOrder(
            FaceClient broker, String trId, String type, String loanDate, long qty, long price) {
        var body = broker.account();
        body.putAll(Map.of(
                "PDNO",
                SAMSUNG,
                "CRDT_TYPE",
                type,
                "LOAN_DT",
                loanDate,
                "ORD_DVSN",
                "00",
                "ORD_QTY",
                Long.toString(qty),
                "ORD_UNPR",
                Long.toString(price)));
        return broker.post("/uapi/domestic-stock/v1/trading/order-credit", broker.headers(trId), body);
    }

    private static Instant at(String korean) {
        return LocalDateTime.parse(korean).atZone(ZoneId.of("Asia/Seoul")).toInstant();
    }

    private void until(String korean) {
        gateway.jump(Duration.between(Instant.now().plus(ahead.get()), at(korean)));
        gateway.awaitReady();
    }

    /** A price on the tick, some percent away from the last. */
    private long price(int percent) {
        long price = gateway.json("/v1/quotes/" + SAMSUNG).path("price").asLong() * (100 + percent) / 100;
        return price - price % 500;
    }

    private static String buy(long qty, long price) {
        return "\"side\":\"BUY\",\"qty\":" + qty + ",\"price\":" + price;
    }

    private static String sell(long qty) {
        return "\"side\":\"SELL\",\"qty\":" + qty;
    }

    private static String repaying(String type, String date) {
        return ",\"credit\":{\"type\":\"" + type + "\",\"loan_date\":\"" + date + "\"}";
    }

    private static String body(String fields) {
        return "{\"account_id\":\"A1\",\"symbol\":\"" + SAMSUNG + "\"," + fields + "}";
    }

    private HttpResponse<String> send(String fields) {
        return gateway.send("POST", "/v1/orders", body(fields), "Idempotency-Key", "k" + keys++);
    }

    private String place(String fields) {
        var answer = send(fields);
        assertThat(answer.statusCode()).as("%s: %s", fields, answer.body()).isEqualTo(200);
        gateway.contract().check("POST", "/v1/orders", answer);
        return gateway.tree(answer).path("order_id").asString();
    }

    private JsonNode refused(String fields) {
        var answer = send(fields);
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

    private JsonNode reconcile() {
        return gateway.tree(gateway.operate("POST", "/v1/orders/reconcile", ""));
    }

    /** The account's positions, of which each loan has one. */
    private JsonNode positions() {
        var answer = gateway.get("/v1/positions?account_id=A1");
        gateway.contract().check("GET", "/v1/positions", answer);
        return gateway.tree(answer);
    }

    private long cash() {
        return gateway.json("/v1/balances?account_id=A1")
                .path(0)
                .path("deposit_in_two_days")
                .asLong();
    }

    @Test
    void a_buy_takes_out_a_loan_and_a_sale_on_a_later_day_repays_it() {
        long before = cash();
        JsonNode bought = awaitStatus(place(buy(10, price(+2)) + OPEN), "FILLED");
        assertThat(bought.path("credit").toString())
                .isEqualTo("{\"type\":\"SELF_LOAN_OPEN\",\"loan_date\":\"2026-11-20\"}");
        long value = 0;
        for (JsonNode fill : bought.path("fills")) {
            value += fill.path("value").asLong();
        }
        JsonNode position = positions().path(0);
        assertThat(position.path("qty").asLong()).isEqualTo(10);
        assertThat(position.path("loan").path("loan_date").asString()).isEqualTo("2026-11-20");
        assertThat(position.path("loan").path("repaid_by").toString()).isEqualTo("[\"SELF_LOAN_REPAY\"]");
        long lent = position.path("loan").path("amount").asLong();
        assertThat(lent).isEqualTo(value - Math.ceilDiv(value * 40, 100));
        long commission = before - cash() - (value - lent);
        assertThat(commission).isBetween(0L, value / 1_000);

        // Paid in cash: a row of its own, and what a sale without credit sells.
        awaitStatus(place(buy(3, price(+2))), "FILLED");
        assertThat(positions()).hasSize(2);
        JsonNode profit = gateway.json("/v1/pnl?account_id=A1");
        assertThat(profit.path("missing"))
                .as("the rows of a symbol count together")
                .isEmpty();
        assertThat(profit.path("unrealised").path(0).path("broker_qty").asLong())
                .isEqualTo(13);
        JsonNode tooMany = refused(sell(4));
        assertThat(tooMany.path("code").asString()).isEqualTo("INSUFFICIENT_POSITION_QTY");
        assertThat(tooMany.path("details").path("sellable").asLong()).isEqualTo(3);
        assertThat(tooMany.path("details").path("loan_dates").toString()).isEqualTo("[\"2026-11-20\"]");
        assertThat(refused(sell(1) + repaying("SELF_LOAN_REPAY", "2026-11-19"))
                        .path("message")
                        .asString())
                .contains("Only 0 shares", "the account has loans of 2026-11-20 [SELF_LOAN_REPAY]");
        assertThat(refused(sell(1) + repaying("KSFC_LOAN_REPAY", "2026-11-20"))
                        .path("details")
                        .path("sellable")
                        .asLong())
                .isZero();
        awaitStatus(place(sell(3)), "FILLED");

        until("2026-11-23T10:00:00");
        assertThat(refused(sell(11) + repaying("SELF_LOAN_REPAY", "2026-11-20"))
                        .path("details")
                        .path("sellable")
                        .asLong())
                .isEqualTo(10);
        long cashBefore = cash();
        JsonNode sold = awaitStatus(place(sell(4) + repaying("self_loan_repay", "2026-11-20")), "FILLED");
        assertThat(sold.path("credit").path("type").asString()).isEqualTo("SELF_LOAN_REPAY");
        long repaid = lent * 4 / 10;
        JsonNode rest = positions().path(0);
        assertThat(rest.path("qty").asLong()).isEqualTo(6);
        assertThat(rest.path("loan").path("amount").asLong()).isEqualTo(lent - repaid);
        long proceeds = 0;
        for (JsonNode fill : sold.path("fills")) {
            proceeds += fill.path("value").asLong();
        }
        // Tax and commission of a sale.
        assertThat(cash() - cashBefore).isBetween(proceeds - repaid - proceeds / 100, proceeds - repaid);
        awaitStatus(place(sell(6) + repaying("SELF_LOAN_REPAY", "2026-11-20")), "FILLED");
        assertThat(positions()).isEmpty();
        assertThat(reconcile().path("mismatched").asLong()).isZero();
    }

    @Test
    void a_resting_order_on_credit_is_repriced_reduced_grown_and_cancelled() {
        String id = place(buy(10, price(-10)) + ",\"credit\":{\"type\":\"KSFC_LOAN_OPEN\"}");
        awaitStatus(id, "SENT");
        change(id, "modify", "{\"price\":" + price(-11) + "}");
        Await.until("it is re-priced", () -> order(id).path("kis_order_nos").size() == 2);
        awaitStatus(id, "SENT");
        change(id, "modify", "{\"qty\":4}");
        Await.until("it is reduced", () -> order(id).path("qty").asLong() == 4);
        awaitStatus(id, "SENT");
        change(id, "modify", "{\"qty\":6,\"replace\":true}");
        JsonNode replaced = awaitStatus(id, "CANCELED");
        String other = replaced.path("replaced_by").asString();
        JsonNode grown = awaitStatus(other, "SENT");
        assertThat(grown.path("credit").path("type").asString()).isEqualTo("KSFC_LOAN_OPEN");
        assertThat(grown.path("qty").asLong()).isEqualTo(6);
        change(other, "cancel", "");
        assertThat(awaitStatus(other, "CANCELED").path("filled_qty").asLong()).isZero();
        assertThat(reconcile().path("mismatched").asLong()).isZero();
    }

    @Test
    void open_sales_of_a_loan_and_of_what_was_paid_in_cash_do_not_reserve_each_others_shares() {
        awaitStatus(place(buy(5, price(+2)) + OPEN), "FILLED");
        awaitStatus(place(buy(5, price(+2))), "FILLED");
        String above = ",\"price\":" + price(+20);
        String cash = place(sell(5) + above);
        String loan = place(sell(5) + above + repaying("SELF_LOAN_REPAY", "2026-11-20"));
        awaitStatus(cash, "SENT");
        awaitStatus(loan, "SENT");
        assertThat(refused(sell(1) + above).path("code").asString()).isEqualTo("INSUFFICIENT_POSITION_QTY");
        assertThat(refused(sell(1) + above + repaying("SELF_LOAN_REPAY", "2026-11-20"))
                        .path("code")
                        .asString())
                .isEqualTo("INSUFFICIENT_POSITION_QTY");
        change(cash, "cancel", "");
        awaitStatus(cash, "CANCELED");
        assertThat(refused(sell(1) + above + repaying("SELF_LOAN_REPAY", "2026-11-20"))
                        .path("code")
                        .asString())
                .isEqualTo("INSUFFICIENT_POSITION_QTY");
        awaitStatus(place(sell(1) + above), "SENT");
    }

    @Test
    void two_equal_orders_whose_answers_are_lost_and_of_which_one_is_on_credit_each_find_their_row() {
        gateway.fault("{\"lose_answers\":2,\"lose_notices\":10}");
        long price = price(-9);
        String cash = place(buy(2, price));
        String credit = place(buy(2, price) + OPEN);
        JsonNode ofCash = awaitStatus(cash, "SENT");
        JsonNode ofCredit = awaitStatus(credit, "SENT");
        assertThat(ofCash.path("credit").isNull()).isTrue();
        var listed = new HashMap<String, String>();
        FaceClient.tree(elsewhere().orders("20261120"))
                .path("output1")
                .forEach(row -> listed.put(
                        row.path("odno").asString(), row.path("loan_dt").asString()));
        assertThat(listed)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        ofCash.path("kis_order_no").asString(), "",
                        ofCredit.path("kis_order_no").asString(), "20261120"));
        assertThat(gateway.alerts("order_unresolved").stream()
                        .filter(alert -> alert.path("severity").asString().equals("P1")))
                .isEmpty();
    }

    @Test
    void an_equal_row_without_a_loan_date_is_neither_taken_for_an_order_on_credit_nor_adopted() {
        gateway.fault("{\"omit_loan_dates\":true,\"lose_answers\":1,\"lose_notices\":10}");
        String id = place(buy(2, price(-9)) + OPEN);
        Await.until("the row is a candidate", () -> order(id).path("candidates").size() == 1);
        assertThat(order(id).path("status").asString()).isEqualTo("UNKNOWN");
        Await.until(
                "the reason says why",
                () -> order(id)
                        .path("reason")
                        .asString("")
                        .contains("it is on credit, and KIS lists no loan for them"));
        assertThat(reconcile().path("adopted").asLong()).isZero();
        assertThat(gateway.json("/v1/orders?account_id=A1").path("orders")).hasSize(1);
        String number = order(id).path("candidates").path(0).asString();
        var decided = gateway.operate(
                "POST",
                "/v1/orders/" + id + "/resolve",
                "{\"decision\":\"IS_ORDER\",\"kis_order_no\":\"" + number + "\"}");
        assertThat(decided.statusCode()).as(decided.body()).isEqualTo(200);
        assertThat(awaitStatus(id, "SENT").path("kis_order_no").asString()).isEqualTo(number);
    }

    @Test
    void an_order_on_credit_that_was_placed_elsewhere_is_shown_with_its_loan_and_can_be_cancelled() {
        var broker = elsewhere();
        var placed = creditOrder(broker, "TTTC0052U", "23", "20261120", 3, price(-10));
        assertThat(FaceClient.tree(placed).path("rt_cd").asString())
                .as(placed.body())
                .isEqualTo("0");
        assertThat(reconcile().path("adopted").asLong()).isEqualTo(1);
        JsonNode adopted =
                gateway.json("/v1/orders?account_id=A1").path("orders").path(0);
        assertThat(adopted.path("external").asBoolean()).isTrue();
        assertThat(adopted.path("credit").toString())
                .isEqualTo("{\"type\":\"KSFC_LOAN_OPEN\",\"loan_date\":\"2026-11-20\"}");
        String id = adopted.path("order_id").asString();
        change(id, "cancel", "");
        awaitStatus(id, "CANCELED");
    }

    @Test
    void the_cash_of_a_buy_on_credit_is_kis_own_buying_power_on_credit() {
        long price = price(-5);
        long inCash = cash() / price;
        long onCredit = cash() * 100 / 40 / price;
        assertThat(refused(buy(inCash + 100, price)).path("code").asString()).isEqualTo("INSUFFICIENT_CASH");
        JsonNode tooMuch = refused(buy(onCredit + 100, price) + OPEN);
        assertThat(tooMuch.path("code").asString()).isEqualTo("INSUFFICIENT_CASH");
        assertThat(tooMuch.path("message").asString()).contains("on credit");
        assertThat(tooMuch.path("details").path("qty").asLong()).isBetween(onCredit - 50, onCredit);
        var preview = gateway.send("POST", "/v1/orders/preview", body(buy(inCash + 100, price) + OPEN));
        gateway.contract().check("POST", "/v1/orders/preview", preview);
        assertThat(gateway.tree(preview).path("ok").asBoolean())
                .as(preview.body())
                .isTrue();
        assertThat(gateway.brokerCalls("/uapi/domestic-stock/v1/trading/inquire-credit-psamount"))
                .isEqualTo(2);
        String id = place(buy(inCash + 100, price) + OPEN);
        awaitStatus(id, "SENT");
        // What rests is reserved by KIS, and what is left is for the next.
        assertThat(refused(buy(onCredit - inCash, price) + OPEN).path("code").asString())
                .isEqualTo("INSUFFICIENT_CASH");
        change(id, "cancel", "");
        awaitStatus(id, "CANCELED");

        gateway.fault("{\"credit_margin_percent\":100}");
        assertThat(refused(buy(inCash + 100, price) + OPEN).path("code").asString())
                .isEqualTo("INSUFFICIENT_CASH");
    }

    @Test
    void a_buy_on_credit_that_is_scheduled_for_another_day_has_the_loan_of_that_day() {
        String fields = "{\"kind\":\"SCHEDULED\",\"order\":" + body(buy(2, price(5)) + OPEN)
                + ",\"at\":\"2026-11-23T09:00:05+09:00\",\"until\":\"2026-11-23T09:10:00+09:00\"}";
        var scheduled = gateway.send("POST", "/v1/parents", fields, "Idempotency-Key", "monday");
        assertThat(scheduled.statusCode()).as(scheduled.body()).isEqualTo(200);
        until("2026-11-23T09:00:00");
        var repeated = gateway.send("POST", "/v1/parents", fields, "Idempotency-Key", "monday");
        assertThat(gateway.tree(repeated).path("parent_id"))
                .as(repeated.body())
                .isEqualTo(gateway.tree(scheduled).path("parent_id"));
        until("2026-11-23T09:00:06");
        String parent = gateway.tree(scheduled).path("parent_id").asString();
        Await.until(
                "its order was placed",
                () -> !gateway.json("/v1/parents/" + parent)
                        .at("/legs/0/order_id")
                        .asString("")
                        .isEmpty());
        JsonNode bought = awaitStatus(
                gateway.json("/v1/parents/" + parent).at("/legs/0/order_id").asString(), "FILLED");
        assertThat(bought.at("/credit/loan_date").asString()).isEqualTo("2026-11-23");
    }

    @Test
    void limits_count_an_order_on_credit_by_its_full_amount() {
        gateway.close();
        startGateway(Map.of("KIS_CREDIT", "true", "RISK_MAX_NOTIONAL", "1000000", "RISK_MAX_POSITION", "4"));
        assertThat(refused(buy(10, price(-1)) + OPEN).path("code").asString()).isEqualTo("NOTIONAL_LIMIT_EXCEEDED");
        awaitStatus(place(buy(3, price(+2)) + OPEN), "FILLED");
        assertThat(refused(buy(2, price(-1))).path("code").asString()).isEqualTo("POSITION_LIMIT_EXCEEDED");
    }

    @Test
    void buying_on_credit_is_off_unless_the_setting_allows_it_and_repaying_is_always_possible() {
        awaitStatus(place(buy(2, price(+2)) + OPEN), "FILLED");
        gateway.close();
        startGateway(Map.of());
        JsonNode off = refused(buy(1, price(-5)) + OPEN);
        assertThat(off.path("code").asString()).isEqualTo("CREDIT_DISABLED");
        assertThat(off.path("message").asString()).contains("KIS_CREDIT=true");
        assertThat(gateway.json("/v1/risk/limits").path("guards").path("credit").asBoolean())
                .isFalse();
        awaitStatus(place(sell(2) + repaying("SELF_LOAN_REPAY", "2026-11-20")), "FILLED");
        assertThat(positions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BUY  | {'type':'SELF_LOAN_REPAY','loan_date':'2026-11-20'} | a BUY cannot be a SELF_LOAN_REPAY",
                "SELL | {'type':'SELF_LOAN_OPEN'} | a SELL cannot be a SELF_LOAN_OPEN",
                "SELL | {'type':'SELF_LOAN_REPAY'} | names its loan_date",
                "SELL | {'type':'SELF_LOAN_REPAY','loan_date':'2026-12-01'} | is in the future",
                "SELL | {'type':'SELF_LOAN_REPAY','loan_date':'20261120'} | loan_date is a date, as 2026-11-20",
                "BUY  | {'type':'SELF_LOAN_OPEN','loan_date':'2026-11-19'} | is of its own day, 2026-11-20",
                "SELL | {'type':'SELF_SHORT_OPEN'} | stock borrowing (대주) is not ordered",
                "SELL | {'type':'STOCK_BORROW'} | stock borrowing (대주) is not ordered",
                "BUY  | {'type':'MARGIN'} | credit.type is one of SELF_LOAN_OPEN"
            })
    void a_loan_that_does_not_fit_the_order_is_refused(String side, String credit, String message) {
        JsonNode refusal = refused("\"side\":\"" + side + "\",\"qty\":1,\"price\":" + price(0) + ",\"credit\":"
                + credit.replace('\'', '"'));
        assertThat(refusal.path("code").asString()).isEqualTo("INVALID_CREDIT");
        assertThat(refusal.path("message").asString()).containsIgnoringCase(message);
    }

    @Test
    void us_stocks_unknown_members_and_a_missing_type_are_refused() {
        var us = gateway.send(
                "POST",
                "/v1/orders",
                "{\"account_id\":\"A1\",\"symbol\":\"AAPL.NASD\"," + buy(1, 100) + OPEN + "}",
                "Idempotency-Key",
                "us");
        assertThat(gateway.tree(us).path("code").asString()).isEqualTo("INVALID_CREDIT");
        assertThat(refused(buy(1, 70_000) + ",\"credit\":{\"kind\":\"x\"}")
                        .path("code")
                        .asString())
                .isEqualTo("UNKNOWN_FIELD");
        assertThat(refused(buy(1, 70_000) + ",\"credit\":{}").path("code").asString())
                .isEqualTo("MISSING_FIELD");
        assertThat(refused(buy(1, 70_000) + ",\"credit\":\"SELF_LOAN_OPEN\"")
                        .path("code")
                        .asString())
                .isEqualTo("INVALID_FIELD");
    }

    @Test
    void a_repeated_key_is_one_order_and_the_loan_is_a_part_of_its_body() {
        String cash = body(buy(1, price(-9)));
        String credit = cash.substring(0, cash.length() - 1) + OPEN + "}";
        var first = gateway.send("POST", "/v1/orders", credit, "Idempotency-Key", "same");
        var again = gateway.send("POST", "/v1/orders", credit, "Idempotency-Key", "same");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Idempotent-Replay")).contains("true");
        assertThat(gateway.send("POST", "/v1/orders", cash, "Idempotency-Key", "same")
                        .statusCode())
                .isIn(409, 422);
        String dated = credit.replace("OPEN\"}", "OPEN\",\"loan_date\":\"2026-11-20\"}");
        assertThat(gateway.send("POST", "/v1/orders", dated, "Idempotency-Key", "same")
                        .body())
                .isEqualTo(first.body());
        var batch = gateway.send(
                "POST",
                "/v1/orders/batch",
                "{\"orders\":[" + credit.replaceFirst("\\{", "{\"idempotency_key\":\"b1\",") + "]}");
        gateway.contract().check("POST", "/v1/orders/batch", batch);
        assertThat(batch.statusCode()).as(batch.body()).isEqualTo(200);
        String id = gateway.tree(batch).path("orders").path(0).path("order_id").asString();
        assertThat(order(id).path("credit").path("type").asString()).isEqualTo("SELF_LOAN_OPEN");
    }

    @Test
    void an_open_order_on_credit_survives_a_restart_of_the_gateway() {
        String id = place(buy(4, price(-10)) + OPEN);
        String number = awaitStatus(id, "SENT").path("kis_order_no").asString();
        gateway.close();
        startGateway(Map.of("KIS_CREDIT", "true"));
        JsonNode after = order(id);
        assertThat(after.path("kis_order_no").asString()).isEqualTo(number);
        assertThat(after.path("credit").path("loan_date").asString()).isEqualTo("2026-11-20");
        change(id, "modify", "{\"price\":" + price(+2) + "}");
        awaitStatus(id, "FILLED");
        assertThat(positions().path(0).path("loan").path("loan_date").asString())
                .isEqualTo("2026-11-20");
    }

    @Test
    void the_documented_order_is_accepted() throws IOException {
        var page = Files.readString(Path.of("..", "docs", "ORDERS.md"));
        var example = page.substring(page.indexOf("<!-- this example is sent by CreditOrdersTest -->"));
        var body = example.substring(example.indexOf("-d '") + 4, example.indexOf("}}'") + 2);
        var answer = gateway.send("POST", "/v1/orders", body, "Idempotency-Key", "credit-1");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        awaitStatus(gateway.tree(answer).path("order_id").asString(), "FILLED");
    }
}
