package kr.kisgateway.acceptance;

import static kr.kisgateway.acceptance.TradingFixture.number;
import static kr.kisgateway.acceptance.TradingFixture.status;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The outcome of a request is unknown, or another program traded on the account: the broker's list decides, or an operator.
 */
@Requirement("G-17")
@Tag("slow")
class InDoubtTest {
    /** The answer is lost, the broker does not list the order yet, and no receipt reports it. */
    private static final String NO_ANSWER_AND_NOT_LISTED = "{\"lose_answers\":1,\"hide_orders_seconds\":600,"
            + "\"lose_notices\":{\"on\":\"receipts\",\"count\":100}}";

    @TempDir
    static Path folder;

    private static TradingFixture trading;

    @BeforeAll
    static void start() {
        trading = TradingFixture.start(folder);
    }

    @AfterAll
    static void stop() {
        trading.close();
    }

    @AfterEach
    void clear() {
        trading.noFaults();
    }

    private static JsonNode reconcile() {
        var report = trading.operate("POST", "/v1/orders/reconcile", "");
        assertThat(report.status()).as(report.toString()).isEqualTo(200);
        return report.body();
    }

    private static Predicate<JsonNode> alert(String level, String event) {
        return a -> a.path("level").asString().equals(level)
                && a.path("event").asString().equals(event);
    }

    private static kr.kisgateway.gatewayclient.Answer resolve(String id, String body) {
        return trading.operate("POST", "/v1/orders/" + id + "/resolve", body);
    }

    private static JsonNode awaitExternalOrder(String symbol) {
        return Eventually.await(
                        "the adopted order of " + symbol,
                        Programs.SHORT_TIMEOUT,
                        () -> trading.get("/v1/orders?symbol=" + symbol)
                                .body()
                                .path("orders")
                                .valueStream()
                                .filter(o -> o.path("external").booleanValue())
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Test
    @Requirement("G-03")
    void an_order_without_answer_or_notice_stays_unknown_until_the_broker_lists_it() {
        var symbol = "005930";
        long price = trading.low(symbol);
        long doubtsBefore = trading.metric("in_doubt");
        trading.fault(NO_ANSWER_AND_NOT_LISTED);
        var id = trading.placed("unknown", symbol, "BUY", 3, Optional.of(price));
        trading.await(
                id,
                "to be UNKNOWN and looked for",
                o -> status(o).equals("UNKNOWN") && trading.eventTypes(id).contains("Unresolved"));
        assertThat(trading.alerts(id)).anyMatch(alert("P2", "request_in_doubt"));
        assertThat(trading.metric("unknown")).isEqualTo(1);
        assertThat(trading.metric("in_doubt")).isEqualTo(doubtsBefore + 1);
        assertThat(trading.modify(id, "{\"qty\":1}").code()).isEqualTo("INVALID_TRANSITION");
        var twin = trading.placed("unknown-twin", symbol, "BUY", 3, Optional.of(price));
        assertThat(status(trading.order(twin))).as("an equal order waits").isEqualTo("QUEUED");
        trading.cancel(twin);
        assertThat(status(trading.order(twin))).isEqualTo("CANCELED");
        assertThat(trading.cancel(id).status()).as("waits for the answer").isEqualTo(200);
        assertThat(status(trading.order(id))).isEqualTo("UNKNOWN");

        trading.noFaults();
        var order = trading.await(id, "CANCELED");
        assertThat(order.path("kis_order_no").isNull()).isFalse();
        assertThat(trading.acceptanceCounts(symbol, order)).hasSize(2).containsOnly(1);
        assertThat(trading.open(symbol)).isEmpty();
        assertThat(trading.events(id))
                .anySatisfy(
                        e -> assertThat(e.toString()).contains("BrokerAccepted").contains("INFERENCE"));
        assertThat(trading.metric("unknown")).isZero();
    }

    @Test
    void an_operator_selects_one_of_two_matching_orders_and_the_other_becomes_external() {
        var symbol = "000660";
        long price = trading.low(symbol);
        trading.fault(NO_ANSWER_AND_NOT_LISTED);
        var id = trading.placed("two", symbol, "BUY", 4, Optional.of(price));
        trading.await(id, "UNKNOWN");
        long externalNumber = trading.otherProgram().place(symbol, "BUY", 4, Optional.of(price));
        trading.fault("{\"hide_orders_seconds\":0}");
        Eventually.await(
                "the alert about two candidates",
                Programs.SHORT_TIMEOUT,
                () -> trading.alerts(id),
                all -> all.stream().anyMatch(alert("P1", "order_unresolved")));
        assertThat(status(trading.order(id))).isEqualTo("UNKNOWN");
        long ownOrderNumber = trading.open(symbol).stream()
                .mapToLong(row -> number(row, "odno"))
                .filter(no -> no != externalNumber)
                .findFirst()
                .orElseThrow();

        var path = "/v1/orders/" + id + "/resolve";
        var decision =
                "{\"decision\":\"IS_ORDER\",\"kis_order_no\":\"" + ownOrderNumber + "\",\"note\":\"seen in HTS\"}";
        assertThat(trading.post(path, decision).code()).isEqualTo("OPERATOR_TOKEN_REQUIRED");
        var wrong = resolve(id, "{\"decision\":\"IS_ORDER\",\"kis_order_no\":\"1\"}");
        assertThat(wrong.code()).isEqualTo("INVALID_FIELD");
        assertThat(wrong.body().path("details").path("candidates").valueStream().map(JsonNode::longValue))
                .containsExactlyInAnyOrder(ownOrderNumber, externalNumber);
        assertThat(resolve(id, "{\"decision\":\"IS_ORDER\"}").code()).isEqualTo("MISSING_FIELD");
        assertThat(resolve(id, "{\"decision\":\"PERHAPS\"}").code()).isEqualTo("INVALID_FIELD");
        assertThat(resolve(id, decision).status()).isEqualTo(200);
        assertThat(resolve(id, decision).header("Idempotent-Replay")).contains("true");

        var order = trading.await(id, "SENT");
        assertThat(Long.parseLong(order.path("kis_order_no").asString())).isEqualTo(ownOrderNumber);
        assertThat(trading.events(id))
                .anySatisfy(e -> assertThat(e.toString()).contains("Resolved").contains("seen in HTS"));
        assertThat(resolve(id, "{\"decision\":\"NOT_AT_BROKER\"}").status()).isIn(400, 409);
        assertThat(Long.parseLong(
                        awaitExternalOrder(symbol).path("kis_order_no").asString()))
                .isEqualTo(externalNumber);
        trading.operate("POST", "/v1/orders/cancel-all", "{\"symbol\":\"" + symbol + "\"}", "two-away");
        Eventually.await("nothing open", Programs.SHORT_TIMEOUT, () -> trading.open(symbol), java.util.List::isEmpty);
    }

    @Test
    void an_order_resolved_as_not_at_the_broker_reopens_with_an_alert_when_it_appears() {
        var symbol = "035720";
        long price = trading.low(symbol);
        long lateBefore = trading.metric("late_acceptances");
        trading.fault(NO_ANSWER_AND_NOT_LISTED);
        var id = trading.placed("late", symbol, "BUY", 5, Optional.of(price));
        trading.await(id, "UNKNOWN");
        assertThat(resolve(id, "{\"decision\":\"NOT_AT_BROKER\"}").status()).isEqualTo(200);
        var rejected = trading.order(id);
        assertThat(status(rejected)).isEqualTo("REJECTED");
        assertThat(rejected.path("reason").asString()).contains("NOT_FOUND_AT_BROKER");

        trading.noFaults();
        trading.await(id, "SENT");
        assertThat(trading.eventTypes(id)).contains("Rejected", "LateAcceptance");
        assertThat(trading.alerts(id)).anyMatch(alert("P1", "late_acceptance"));
        assertThat(trading.metric("late_acceptances")).isEqualTo(lateBefore + 1);
        trading.cancel(id);
        trading.await(id, "CANCELED");
        assertThat(trading.open(symbol)).isEmpty();
    }

    static Stream<String> lostAnswers() {
        return Stream.of(
                "{\"lose_answers\":1}",
                "{\"timeouts_after\":1}",
                "{\"server_errors_after\":1}",
                "{\"unavailable_after\":1}",
                "{\"broken_answers\":1}",
                "{\"late_answers\":1,\"late_answer_ms\":5300}");
    }

    @ParameterizedTest
    @MethodSource("lostAnswers")
    @Requirement("G-03")
    @Requirement(value = "A-10", clause = "orders")
    void an_order_accepted_without_a_usable_answer_is_found_in_the_list_and_never_resent(String fault) {
        var symbol = "005380";
        long price = trading.low(symbol);
        long qty = 10 + fault.length(); // equal orders of one second would be ambiguous here as well
        var before = trading.otherProgram().read().orders().size();
        trading.fault("{\"lose_notices\":{\"on\":\"receipts\",\"count\":100}}");
        trading.fault(fault);
        var id = trading.placed("lost-" + fault, symbol, "BUY", qty, Optional.of(price));
        trading.await(id, "SENT");
        assertThat(trading.eventTypes(id)).contains("SendInDoubt");
        assertThat(trading.otherProgram().read().orders()).hasSize(before + 1);
        trading.cancel(id);
        trading.await(id, "CANCELED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"refuse_connections\":1}",
                "{\"rate_limit_storm\":{\"on\":\"orders\",\"count\":2}}",
                "{\"ledger_limit_storm\":{\"on\":\"orders\",\"count\":1}}"
            })
    @Requirement("G-03")
    @Requirement("G-08")
    void an_order_that_was_certainly_not_accepted_is_resent_or_searched_for(String fault) {
        var symbol = "012330";
        long price = trading.low(symbol);
        trading.fault(fault);
        var before = trading.otherProgram().read().orders().size();
        var id = trading.placed("again-" + fault, symbol, "BUY", 10 + fault.length(), Optional.of(price));
        var order = trading.await(id, "SENT", "UNKNOWN");
        if (fault.contains("refuse_connections") && status(order).equals("UNKNOWN")) {
            // A reset does not prove what was read before it.
            assertThat(resolve(id, "{\"decision\":\"NOT_AT_BROKER\"}").status()).isEqualTo(200);
            reconcile();
            assertThat(status(trading.order(id))).isEqualTo("REJECTED");
            assertThat(trading.otherProgram().read().orders()).hasSize(before);
            return;
        }
        assertThat(status(order)).isEqualTo("SENT");
        assertThat(trading.eventTypes(id)).contains("SendNotTaken");
        assertThat(trading.get("/v1/orders/" + id + "/state")
                        .body()
                        .path("attempts")
                        .intValue())
                .isGreaterThan(1);
        assertThat(trading.otherProgram().read().orders()).hasSize(before + 1);
        trading.cancel(id);
        trading.await(id, "CANCELED");
    }

    @Test
    @Requirement("G-03")
    void an_order_the_broker_refuses_three_times_is_rejected_and_never_listed() {
        var symbol = "051910";
        long exhaustedBefore = trading.metric("retry_exhausted");
        long price = trading.low(symbol);
        trading.fault("{\"rate_limit_storm\":{\"on\":\"orders\",\"count\":3}}");
        var id = trading.placed("exhausted", symbol, "BUY", 1, Optional.of(price));
        var order = trading.await(id, "REJECTED");
        assertThat(order.path("error").asString()).isEqualTo("RATE_LIMIT");
        var state = trading.get("/v1/orders/" + id + "/state").body();
        assertThat(state.path("attempts").intValue()).isEqualTo(3);
        assertThat(state.path("terminal").booleanValue()).isTrue();
        assertThat(trading.metric("retry_exhausted")).isEqualTo(exhaustedBefore + 1);
        assertThat(trading.open(symbol)).isEmpty();
    }

    @Test
    void an_order_placed_by_another_program_is_adopted_filled_and_can_be_cancelled() {
        var symbol = "068270";
        long adoptedBefore = trading.metric("adopted");
        long price = trading.low(symbol);
        try (var stream = trading.gateway().stream()) {
            stream.send("{\"op\":\"subscribe\",\"channels\":[\"orders\",\"executions\"],\"id\":\"1\"}");
            long externalNumber = trading.otherProgram().place(symbol, "BUY", 7, Optional.of(price));
            var adopted = awaitExternalOrder(symbol);
            assertThat(Long.parseLong(adopted.path("kis_order_no").asString())).isEqualTo(externalNumber);
            assertThat(adopted.path("qty").longValue()).isEqualTo(7);
            assertThat(adopted.path("price").longValue()).isEqualTo(price);
            assertThat(trading.metric("adopted")).isGreaterThan(adoptedBefore);
            var id = adopted.path("order_id").asString();
            stream.await(
                    "the adopted order", m -> m.path("order_id").asString("").equals(id), Programs.SHORT_TIMEOUT);
            trading.modify(id, "{\"qty\":5}");
            trading.await(
                    id,
                    "to be smaller",
                    o -> o.path("qty").longValue() == 5 && status(o).equals("SENT"));
            assertThat(trading.cancel(id).status()).isEqualTo(200);
            trading.await(id, "CANCELED");
            assertThat(trading.open(symbol)).isEmpty();
        }

        var filled = "003670";
        trading.otherProgram().place(filled, "BUY", 2, Optional.empty());
        var id = awaitExternalOrder(filled).path("order_id").asString();
        var order = trading.await(id, "FILLED");
        assertThat(order.path("filled_qty").longValue()).isEqualTo(2);
        assertThat(order.path("order_type").asString()).isEqualTo("MARKET");
        Eventually.await(
                "the position",
                Programs.SHORT_TIMEOUT,
                () -> trading.get("/v1/positions?account_id=A1").body(),
                all -> all.valueStream()
                        .anyMatch(p -> p.path("symbol").asString().equals(filled)
                                && p.path("qty").longValue() == 2));
    }

    @Requirement(value = "A-24", clause = "final")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"duplicate_notices\":{\"on\":\"fills\",\"count\":100}}",
                "{\"reorder_notices\":{\"on\":\"fills\",\"count\":100}}",
                "{\"lose_notices\":{\"on\":\"fills\",\"count\":2}}",
                "{\"lose_notices\":{\"on\":\"fills\",\"count\":1000},\"balance_lag_seconds\":1}",
                "{\"late_notices\":{\"on\":\"fills\",\"count\":100},\"late_notice_ms\":400,\"notices_first\":1}",
                "{\"drop_at_notices\":1}"
            })
    @Requirement(value = "A-24", clause = "quantities")
    @Requirement("A-19")
    void fills_count_once_with_the_brokers_figures_despite_notice_faults(String fault) {
        var symbol = "030200";
        long before = positionQty(symbol);
        trading.gateway().ready();
        trading.fault(fault);
        long qty = Eventually.await("offers", Programs.SHORT_TIMEOUT, () -> offered(symbol), offers -> offers > 10) / 2;
        var id = trading.placed("fills-" + fault, symbol, "BUY", qty, Optional.empty()); // through several levels
        var order = trading.await(id, "FILLED");
        var row = trading.row(order.path("kis_order_no").asString());
        assertThat(order.path("filled_qty").longValue()).isEqualTo(qty);
        assertThat(sum(order, "qty")).isEqualTo(qty);
        assertThat(sum(order, "value")).isEqualTo(number(row, "tot_ccld_amt"));
        Eventually.await("the shares", Programs.SHORT_TIMEOUT, () -> positionQty(symbol), now -> now == before + qty);
        trading.noFaults();
        trading.gateway().ready();
    }

    @Requirement(value = "A-24", clause = "venues")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"lose_notices\":{\"on\":\"receipts\",\"count\":100}}",
                "{\"lose_notices\":{\"on\":\"fills\",\"count\":1000},\"balance_lag_seconds\":1}",
                "{\"duplicate_notices\":{\"on\":\"fills\",\"count\":100}}",
                "{\"reorder_notices\":{\"on\":\"fills\",\"count\":100}}"
            })
    void orders_of_both_venues_have_their_venue_and_the_brokers_figures_whichever_report_is_first(String fault) {
        var symbol = "000270";
        trading.gateway().ready();
        trading.fault(fault);
        long price = trading.price(symbol) * 105 / 100 / 1000 * 1000;
        var ids = Stream.of("KRX", "NXT", "SOR")
                .map(venue -> TradingFixture.id(trading.post(
                        "/v1/orders",
                        "{\"account_id\":\"A1\",\"symbol\":\"%s\",\"side\":\"BUY\",\"qty\":2,\"price\":%d,\"venue\":\"%s\"}"
                                .formatted(symbol, price, venue),
                        "venue-" + venue + fault)))
                .toList();
        var venues = ids.stream()
                .map(id -> {
                    var order = trading.await(id, "FILLED");
                    var row = trading.row(order.path("kis_order_no").asString());
                    assertThat(row.path("excg_id_dvsn_Cd").asString())
                            .isEqualTo(order.path("venue").asString());
                    assertThat(order.path("filled_qty").longValue()).isEqualTo(2);
                    assertThat(number(row, "tot_ccld_qty")).isEqualTo(2);
                    assertThat(sum(order, "qty")).isEqualTo(2);
                    assertThat(sum(order, "value")).isEqualTo(number(row, "tot_ccld_amt"));
                    return order.path("venue").asString();
                })
                .toList();
        assertThat(venues).containsExactly("KRX", "NXT", "SOR");
    }

    private static long sum(JsonNode order, String field) {
        return order.path("fills")
                .valueStream()
                .mapToLong(fill -> fill.path(field).longValue())
                .sum();
    }

    /** What the best four levels offer. */
    private static long offered(String symbol) {
        return trading.get("/v1/orderbooks/" + symbol)
                .body()
                .path("asks")
                .valueStream()
                .limit(4)
                .mapToLong(level -> level.path("qty").longValue())
                .sum();
    }

    private static long positionQty(String symbol) {
        return trading.get("/v1/positions?account_id=A1")
                .body()
                .valueStream()
                .filter(p -> p.path("symbol").asString().equals(symbol))
                .mapToLong(p -> p.path("qty").longValue())
                .sum();
    }

    @Test
    @Requirement("A-24")
    @Requirement(value = "G-17", clause = "corrections")
    void a_reconciliation_reports_what_was_lost_and_what_it_corrected() {
        var symbol = "105560";
        trading.fault("{\"lose_notices\":{\"on\":[\"receipts\",\"fills\"],\"count\":1000}}");
        long externalNumber = trading.otherProgram().place("028260", "BUY", 1, Optional.of(trading.low("028260")));
        // The reconcile of every second may come first; then another order shows it.
        var attempts = new java.util.concurrent.atomic.AtomicInteger();
        var correction = Eventually.await(
                        "a report with the lost fill",
                        Programs.SHORT_TIMEOUT,
                        () -> {
                            var id = trading.placed(
                                    "report-" + attempts.incrementAndGet(), symbol, "BUY", 1, Optional.empty());
                            trading.await(id, "SENT", "FILLED");
                            var report = reconcile();
                            assertThat(report.path("updated")).isEqualTo(report.path("corrected"));
                            assertThat(status(trading.order(id))).isEqualTo("FILLED");
                            return report.path("events")
                                    .valueStream()
                                    .filter(e -> e.path("order_id").asString().equals(id))
                                    .findFirst();
                        },
                        Optional::isPresent)
                .orElseThrow();
        assertThat(correction.path("internal_status").asString()).isEqualTo("SENT");
        assertThat(correction.path("corrected_status").asString()).isEqualTo("FILLED");
        assertThat(correction.path("broker_status").asString()).startsWith("filled 1");
        var order = trading.order(correction.path("order_id").asString());
        assertThat(order.path("fills").path(0).path("kind").asString()).isEqualTo("CORRECTION");
        assertThat(trading.eventTypes(correction.path("order_id").asString())).contains("Corrected");
        assertThat(Long.parseLong(
                        awaitExternalOrder("028260").path("kis_order_no").asString()))
                .isEqualTo(externalNumber);
        assertThat(trading.get("/v1/metrics/order")
                        .body()
                        .path("reconciliation")
                        .path("corrected")
                        .longValue())
                .isPositive();
    }

    @Test
    void reconciling_and_resolving_require_the_operator_role() {
        assertThat(trading.call("POST", "/v1/orders/reconcile", Optional.empty(), java.util.Map.of())
                        .code())
                .isEqualTo("OPERATOR_TOKEN_REQUIRED");
        var id = trading.resting("settled", "066570", 1);
        assertThat(resolve(id, "{\"decision\":\"NOT_AT_BROKER\"}").code()).isEqualTo("INVALID_TRANSITION");
        trading.cancel(id);
    }
}
