package kr.kisgateway.acceptance;

import static kr.kisgateway.acceptance.TradingFixture.status;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Many orders at once: placed in a batch, cancelled together, and stopped by the kill switch. */
@Tag("slow")
class OperatorTest {
    private static final String KILL = "/v1/risk/kill-switch";

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
        kill("{\"on\":false}"); // left on by a failed test
    }

    // ---- batch ----

    private static String entry(String key, String symbol, long qty, long price) {
        return entry(key, symbol, qty, price, "");
    }

    /** An order with time for a hundred before it, also on a slow machine. */
    private static String patientEntry(String key, String symbol, long qty, long price) {
        var dispatchBy = OffsetDateTime.now(ZoneOffset.UTC).plusSeconds(30);
        return entry(key, symbol, qty, price, "\"dispatch_by\":\"" + dispatchBy + "\",");
    }

    private static String entry(String key, String symbol, long qty, long price, String more) {
        return TradingFixture.body(
                symbol, "BUY", qty, Optional.of(price), more + "\"idempotency_key\":\"" + key + "\"");
    }

    private static Answer batch(List<String> orders) {
        return trading.post("/v1/orders/batch", "{\"orders\":[" + String.join(",", orders) + "]}");
    }

    private static List<String> ids(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.body()
                .path("orders")
                .valueStream()
                .map(o -> o.path("order_id").asString())
                .toList();
    }

    private static Answer cancelAll(String body, String key) {
        return trading.operate("POST", "/v1/orders/cancel-all", body, key);
    }

    @Test
    @Requirement(value = "A-05", clause = "request")
    @Requirement(value = "A-19", clause = "batch")
    @Requirement(value = "A-05", clause = "commit")
    void a_batch_of_a_hundred_orders_is_committed_together_sent_individually_and_never_placed_twice() {
        var symbol = "005930";
        long price = trading.low(symbol);
        var orders = IntStream.rangeClosed(1, 100)
                .mapToObj(n -> patientEntry("hundred-" + n, symbol, n, price))
                .toList();
        var answer = batch(orders);
        var ids = ids(answer);
        assertThat(ids).hasSize(100).doesNotHaveDuplicates();
        assertThat(answer.body().path("accepted").intValue()).isEqualTo(100);
        assertThat(answer.body().path("refused").intValue()).isZero();

        // One decision and one commit: the journal has all acceptances in a row and at the same instant.
        var acceptances = ids.stream().map(id -> trading.events(id).getFirst()).toList();
        assertThat(acceptances)
                .allSatisfy(e -> assertThat(e.path("type").asString()).isEqualTo("Accepted"));
        long first = acceptances.getFirst().path("seq").longValue();
        assertThat(acceptances.stream().map(e -> e.path("seq").longValue()))
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(i -> first + i).toList());
        assertThat(acceptances.stream().map(e -> e.path("at").asString()).distinct())
                .hasSize(1);

        ids.forEach(id -> trading.await(id, "SENT"));
        assertThat(trading.open(symbol)).hasSize(100);
        var repeated = batch(orders);
        assertThat(ids(repeated)).isEqualTo(ids);
        assertThat(repeated.body().path("orders").valueStream())
                .allSatisfy(o -> assertThat(o.path("replay").booleanValue()).isTrue());
        assertThat(trading.open(symbol)).hasSize(100);
        assertThat(trading.acceptanceCounts(symbol, trading.order(ids.getFirst())))
                .hasSize(100)
                .containsOnly(1);

        assertThat(cancelAll("{\"symbol\":\"" + symbol + "\"}", "hundred-away")
                        .body()
                        .path("count")
                        .intValue())
                .isEqualTo(100);
        Eventually.await("nothing open", Programs.SHORT_TIMEOUT, () -> trading.open(symbol), List::isEmpty);
        ids.forEach(id -> trading.await(id, "CANCELED"));
    }

    @Test
    @Requirement(value = "A-05", clause = "each")
    void each_order_of_a_batch_is_validated_separately() {
        var symbol = "000660";
        long price = trading.low(symbol);
        var answer = batch(List.of(
                entry("mixed-1", symbol, 1, price),
                entry("mixed-2", symbol, 1, price + 1),
                Programs.order(symbol, "BUY", 3, Optional.of(price)),
                entry("mixed-1", symbol, 1, price),
                entry("mixed-1", symbol, 2, price),
                entry("mixed-3", "ZZZZZZ", 1, price),
                entry("mixed-4", symbol, 4, price)));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        var orders = answer.body().path("orders").valueStream().toList();
        assertThat(orders.stream()
                        .map(o -> o.path("code").asString(o.path("status").asString())))
                .containsExactly(
                        "ACCEPTED",
                        "INVALID_TICK_SIZE",
                        "IDEMPOTENCY_KEY_REQUIRED",
                        "ACCEPTED",
                        "IDEMPOTENCY_KEY_BODY_MISMATCH",
                        "SYMBOL_NOT_FOUND",
                        "ACCEPTED");
        assertThat(orders.get(3).path("order_id")).isEqualTo(orders.get(0).path("order_id"));
        assertThat(orders.get(3).path("replay").booleanValue()).isTrue();
        assertThat(answer.body().path("accepted").intValue()).isEqualTo(3);
        assertThat(answer.body().path("refused").intValue()).isEqualTo(4);
        for (var i : List.of(0, 6)) {
            trading.await(orders.get(i).path("order_id").asString(), "SENT");
        }
        assertThat(trading.open(symbol)).hasSize(2);
        cancelAll("{\"symbol\":\"" + symbol + "\"}", "mixed-away");
    }

    @Test
    @Requirement(value = "A-05", clause = "error-901")
    void a_batch_without_an_accepted_order_fails_with_901() {
        var answer = batch(List.of(entry("none-1", "005930", 1, 150_001), entry("none-2", "ZZZZZZ", 1, 1_000)));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("BATCH_FAILED");
        var details = answer.body().path("details");
        assertThat(details.path("code").intValue()).isEqualTo(901);
        assertThat(details.path("orders").valueStream().map(o -> o.path("code").asString()))
                .containsExactly("INVALID_TICK_SIZE", "SYMBOL_NOT_FOUND");
    }

    @Test
    @Requirement("A-05")
    void an_empty_oversized_or_malformed_batch_is_refused_and_places_nothing() {
        long before = trading.metric("accepted");
        var many = IntStream.rangeClosed(1, 101)
                .mapToObj(n -> entry("many-" + n, "005930", n, 150_000))
                .toList();
        for (var answer : List.of(
                batch(many),
                batch(List.of()),
                batch(List.of("7")),
                trading.post("/v1/orders/batch", "{\"orders\":{}}"))) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("INVALID_FIELD");
        }
        assertThat(trading.post("/v1/orders/batch", "{}").code()).isEqualTo("MISSING_FIELD");
        assertThat(trading.post("/v1/orders/batch", "{\"orders\":[],\"all\":true}")
                        .code())
                .isEqualTo("UNKNOWN_FIELD");
        assertThat(trading.metric("accepted")).isEqualTo(before);
    }

    // ---- cancel all ----

    @Test
    @Requirement("G-14")
    void cancel_all_by_symbol_or_strategy_runs_once_and_a_repeat_spares_later_orders() {
        var symbol = "035720";
        long price = trading.low(symbol);
        var grid = new ArrayList<String>();
        for (var n = 1; n <= 3; n++) {
            grid.add(TradingFixture.id(
                    trading.place("grid-" + n, symbol, "BUY", n, Optional.of(price), "\"strategy_id\":\"grid\"")));
        }
        var other = trading.placed("other", symbol, "BUY", 9, Optional.of(price));
        grid.forEach(id -> trading.await(id, "SENT"));
        trading.await(other, "SENT");

        var body = "{\"account_id\":\"A1\",\"strategy_id\":\"grid\"}";
        assertThat(trading.post("/v1/orders/cancel-all", body).code()).isEqualTo("IDEMPOTENCY_KEY_REQUIRED");
        var answer = trading.post("/v1/orders/cancel-all", body, "all-grid");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.body().path("count").intValue()).isEqualTo(3);
        assertThat(answer.body()
                        .path("orders")
                        .valueStream()
                        .map(o -> o.path("order_id").asString()))
                .containsExactlyInAnyOrderElementsOf(grid);
        grid.forEach(id -> trading.await(id, "CANCELED"));
        assertThat(status(trading.order(other))).isEqualTo("SENT");

        var later = TradingFixture.id(
                trading.place("grid-later", symbol, "BUY", 5, Optional.of(price), "\"strategy_id\":\"grid\""));
        trading.await(later, "SENT");
        var repeated = trading.post("/v1/orders/cancel-all", body, "all-grid");
        assertThat(repeated.header("Idempotent-Replay")).contains("true");
        assertThat(repeated.text()).isEqualTo(answer.text());
        assertThat(status(trading.order(later))).isEqualTo("SENT");
        var mismatch = trading.post(
                "/v1/orders/cancel-all", "{\"account_id\":\"A1\",\"symbol\":\"" + symbol + "\"}", "all-grid");
        assertThat(mismatch.status()).isEqualTo(409);
        assertThat(mismatch.code()).isEqualTo("IDEMPOTENCY_KEY_BODY_MISMATCH");

        assertThat(trading.post("/v1/orders/cancel-all", "{}", "all").code()).isEqualTo("OPERATOR_TOKEN_REQUIRED");
        assertThat(cancelAll("{\"account_id\":\"B9\"}", "nobody").code()).isEqualTo("ACCOUNT_NOT_FOUND");
        assertThat(cancelAll("{}", "everything").body().path("count").intValue())
                .isEqualTo(2);
        trading.await(other, "CANCELED");
        trading.await(later, "CANCELED");
        assertThat(trading.open(symbol)).isEmpty();
    }

    // ---- kill switch ----

    private static Answer kill(String body) {
        return trading.operate("POST", KILL, body);
    }

    @Test
    @Requirement(value = "G-10", clause = "blockers")
    @Requirement(value = "G-18", clause = "kill-switch")
    void the_kill_switch_refuses_new_orders_ends_queued_ones_cancels_resting_ones_and_survives_a_restart() {
        var symbol = "005380";
        long price = trading.low(symbol);
        var resting = List.of(trading.resting("kill-1", symbol, 1), trading.resting("kill-2", symbol, 2));
        trading.fault("{\"lose_notices\":{\"on\":\"fills\",\"count\":100}}");
        var filledUnnoticed =
                trading.placed("kill-filled", "105560", "BUY", 1, Optional.empty()); // filled without a notice
        trading.await(filledUnnoticed, "SENT", "FILLED"); // or the next fault would hit it
        long runs = countReconciliations();
        trading.fault("{\"late_answers\":1,\"late_answer_ms\":3000}");
        var twin = trading.placed("kill-3", symbol, "BUY", 3, Optional.of(price));
        var waiting = trading.placed("kill-4", symbol, "BUY", 3, Optional.of(price));
        assertThat(status(trading.order(waiting))).isEqualTo("QUEUED");
        var answer = kill("{\"on\":true,\"reason\":\"the sky falls\",\"cancel_open\":true}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.body().path("on").booleanValue()).isTrue();
        assertThat(answer.body().path("open").intValue()).isZero();
        assertThat(answer.body().path("open_before").intValue()).isGreaterThanOrEqualTo(3);
        assertThat(trading.open(symbol)).isEmpty();
        resting.forEach(id -> assertThat(status(trading.order(id))).isEqualTo("CANCELED"));
        assertThat(status(trading.order(twin))).isEqualTo("CANCELED");
        var ended = trading.order(waiting);
        assertThat(status(ended)).isEqualTo("REJECTED");
        assertThat(ended.path("reason").asString()).contains("KILL_SWITCH");
        assertThat(ended.path("kis_order_no").isNull()).isTrue();
        assertThat(status(trading.order(filledUnnoticed))).isEqualTo("FILLED");
        assertThat(countReconciliations()).isGreaterThan(runs);
        trading.noFaults();

        assertAllRefused(symbol, price, "the sky falls");
        assertThat(trading.get("/v1/alerts").body().path("alerts").valueStream())
                .anySatisfy(a -> {
                    assertThat(a.path("event").asString()).isEqualTo("kill_switch_on");
                    assertThat(a.path("level").asString()).isEqualTo("P1");
                });

        trading.restartUnready();
        assertAllRefused(symbol, price, "the sky falls");
        assertThat(trading.get(KILL).body().path("on").booleanValue()).isTrue();
        assertThat(kill("{\"on\":false,\"reason\":\"it did not\"}")
                        .body()
                        .path("on")
                        .booleanValue())
                .isFalse();
        trading.gateway().ready();
        var id = trading.resting("kill-over", symbol, 5);

        assertThat(kill("{\"on\":true}").body().path("open").intValue()).isEqualTo(1);
        assertThat(status(trading.order(id)))
                .as("rests without a cancel request")
                .isEqualTo("SENT");
        assertThat(trading.modify(id, "{\"qty\":4}").code()).isEqualTo("KILL_SWITCH");
        assertThat(trading.cancel(id).status()).as("cancels always pass").isEqualTo(200);
        trading.await(id, "CANCELED");
        kill("{\"on\":false}");
        trading.gateway().ready();
    }

    private static long countReconciliations() {
        return trading.get("/v1/metrics/order")
                .body()
                .path("reconciliation")
                .path("runs")
                .longValue();
    }

    private static void assertAllRefused(String symbol, long price, String reason) {
        var readiness = trading.get("/v1/session/live-readiness").body();
        assertThat(readiness.path("can_trade").booleanValue()).isFalse();
        Eventually.await(
                "the kill switch as the only blocker",
                Programs.SHORT_TIMEOUT,
                () -> trading.get("/v1/session/live-readiness")
                        .body()
                        .path("blocker_reasons")
                        .valueStream()
                        .map(JsonNode::asString)
                        .toList(),
                List.of("KILL_SWITCH")::equals);
        var refused = trading.place("kill-refused", symbol, "BUY", 1, Optional.of(price));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("KILL_SWITCH");
        assertThat(refused.body().path("details").path("reason").asString()).isEqualTo(reason);
        assertThat(batch(List.of(entry("kill-batch", symbol, 1, price))).code()).isEqualTo("BATCH_FAILED");
        var verdict = trading.post("/v1/risk/check", Programs.order(symbol, "BUY", 1, Optional.of(price)))
                .body();
        assertThat(verdict.path("ok").booleanValue()).isFalse();
        assertThat(verdict.path("reason").asString()).isEqualTo("KILL_SWITCH");
        assertThat(trading.place("kill-1", symbol, "BUY", 1, Optional.of(price)).header("Idempotent-Replay"))
                .as("a request from before is still answered")
                .contains("true");
    }

    @Test
    void the_kill_switch_requires_the_operator_role_and_names_missing_fields() {
        assertThat(trading.post(KILL, "{\"on\":true}").code()).isEqualTo("OPERATOR_TOKEN_REQUIRED");
        assertThat(kill("{\"reason\":\"why\"}").code()).isEqualTo("MISSING_FIELD");
        assertThat(kill("{\"on\":false,\"cancel_open\":true}").code()).isEqualTo("INVALID_FIELD");
        assertThat(trading.get(KILL).body().path("on").booleanValue()).isFalse();
    }

    @Test
    @Requirement(value = "G-18", clause = "kill-env")
    void a_kill_switch_set_by_environment_cancels_resting_orders_and_no_call_lifts_it() {
        var symbol = "012330";
        var id = trading.resting("environment", symbol, 3);
        trading.restartUnready("GATEWAY_KILL_SWITCH=true");
        trading.await(id, "CANCELED");
        assertThat(trading.open(symbol)).isEmpty();
        assertAllRefusedByEnvironment(symbol);
        var lifted = kill("{\"on\":false}");
        assertThat(lifted.code()).isEqualTo("KILL_SWITCH");
        assertAllRefusedByEnvironment(symbol);

        trading.restart();
        assertThat(trading.get(KILL).body().path("on").booleanValue()).isFalse();
        trading.cancel(trading.resting("environment-over", symbol, 4));
    }

    private static void assertAllRefusedByEnvironment(String symbol) {
        assertThat(trading.place("environment-2", symbol, "BUY", 1, Optional.of(trading.low(symbol)))
                        .code())
                .isEqualTo("KILL_SWITCH");
        assertThat(trading.get("/v1/session/live-readiness")
                        .body()
                        .path("blocker_reasons")
                        .valueStream()
                        .map(JsonNode::asString))
                .contains("KILL_SWITCH");
    }

    @Test
    @Requirement("G-18")
    @Requirement("A-05")
    void a_kill_during_a_batch_leaves_nothing_open_and_nothing_queued() {
        var symbol = "066570";
        long price = trading.low(symbol);
        var ids = ids(batch(IntStream.rangeClosed(1, 100)
                .mapToObj(n -> patientEntry("middle-" + n, symbol, n, price))
                .toList()));
        var answer = kill("{\"on\":true,\"cancel_open\":true}");
        assertThat(answer.body().path("open").intValue()).as(answer.toString()).isZero();
        var ends = ids.stream().map(id -> status(trading.order(id))).collect(Collectors.toSet());
        assertThat(ends).isSubsetOf("CANCELED", "REJECTED");
        assertThat(trading.open(symbol)).isEmpty();
        kill("{\"on\":false}");
        trading.gateway().ready();
        Eventually.await(
                "no order to be sent afterwards",
                Duration.ofSeconds(5),
                () -> trading.get("/v1/metrics/order")
                        .body()
                        .path("queue_depth")
                        .longValue(),
                depth -> depth == 0);
        assertThat(trading.open(symbol)).isEmpty();
    }
}
