package kr.kisgateway.acceptance;

import static kr.kisgateway.acceptance.TradingFixture.number;
import static kr.kisgateway.acceptance.TradingFixture.status;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
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

/** An order is modified, and no share of it is lost or doubled on the way, whatever fails. */
@Requirement("G-14")
@Tag("slow")
class ModifyTest {
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

    private static JsonNode awaitTerms(String id, long qty, long price) {
        return trading.await(
                id,
                "to be for " + qty + " at " + price,
                o -> status(o).equals("SENT")
                        && o.path("qty").longValue() == qty
                        && o.path("price").longValue() == price);
    }

    @Test
    @Requirement(value = "G-14", clause = "modify")
    void a_price_change_gives_a_new_broker_number_and_keeps_the_order() {
        var symbol = "005930";
        long price = trading.low(symbol);
        var id = trading.resting("price", symbol, 5);
        var first = trading.order(id).path("kis_order_no").asString();

        var answer = trading.modify(id, "{\"price\":" + (price - 1000) + "}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.body().path("status").asString()).isEqualTo("MODIFY_PENDING");
        assertThat(answer.body().path("idempotency_key").asString()).isEqualTo("modify:" + id);

        var order = awaitTerms(id, 5, price - 1000);
        assertThat(order.path("kis_order_nos")).hasSize(2);
        assertThat(order.path("kis_order_nos").path(0).asString()).isEqualTo(first);
        var row = trading.row(order.path("kis_order_no").asString());
        assertThat(number(row, "ord_unpr")).isEqualTo(price - 1000);
        assertThat(number(row, "rmn_qty")).isEqualTo(5);
        assertThat(number(trading.row(first), "rmn_qty")).isZero();

        trading.cancel(id);
        trading.await(id, "CANCELED");
        assertThat(trading.open(symbol)).isEmpty();
    }

    @Test
    @Requirement(value = "G-14", clause = "modify")
    void a_quantity_reduction_retains_the_broker_number_and_the_queue_position() {
        var symbol = "000660";
        long price = trading.low(symbol);
        var id = trading.resting("fewer", symbol, 10);
        trading.modify(id, "{\"qty\":6}");
        var order = awaitTerms(id, 6, price);
        assertThat(order.path("remaining_qty").longValue()).isEqualTo(6);
        assertThat(order.path("kis_order_nos")).hasSize(1);
        assertThat(number(trading.row(order.path("kis_order_no").asString()), "rmn_qty"))
                .isEqualTo(6);

        var more = trading.modify(id, "{\"qty\":7}");
        assertThat(more.code()).isEqualTo("INVALID_QTY");
        trading.cancel(id);
        trading.await(id, "CANCELED");
        assertThat(trading.open(symbol)).isEmpty();
    }

    @Test
    void a_modification_of_quantity_and_price_applies_both() {
        var symbol = "035720";
        long price = trading.low(symbol);
        var id = trading.resting("both", symbol, 10);
        trading.modify(id, "{\"qty\":7,\"price\":" + (price + 1000) + "}");
        var order = awaitTerms(id, 7, price + 1000);
        assertThat(trading.open(symbol)).hasSize(1).allSatisfy(row -> {
            assertThat(number(row, "rmn_qty")).isEqualTo(7);
            assertThat(number(row, "ord_unpr")).isEqualTo(price + 1000);
            assertThat(number(row, "odno"))
                    .isEqualTo(Long.parseLong(order.path("kis_order_no").asString()));
        });
        trading.cancel(id);
        trading.await(id, "CANCELED");
    }

    @Test
    void an_unsent_order_is_modified_in_place_and_may_grow() {
        var symbol = "005380";
        long price = trading.low(symbol);
        trading.fault("{\"late_answers\":1,\"late_answer_ms\":1500}");
        var first = trading.placed("place-1", symbol, "BUY", 4, Optional.of(price));
        var second = trading.placed("place-2", symbol, "BUY", 4, Optional.of(price)); // waits for its twin's answer
        assertThat(status(trading.order(second))).isEqualTo("QUEUED");

        trading.modify(second, "{\"qty\":9,\"price\":" + (price - 1000) + "}");

        var changed = trading.order(second);
        assertThat(changed.path("qty").longValue()).isEqualTo(9);
        assertThat(changed.path("price").longValue()).isEqualTo(price - 1000);
        awaitTerms(second, 9, price - 1000);
        assertThat(trading.order(second).path("kis_order_nos")).hasSize(1);
        trading.await(first, "SENT");
        assertThat(trading.acceptanceCounts(symbol, trading.order(second)))
                .hasSize(2)
                .containsOnly(1);
        trading.cancel(first);
        trading.cancel(second);
    }

    @Test
    @Requirement(value = "G-14", clause = "terminal")
    @Requirement(value = "G-14", clause = "transition")
    void a_pending_modification_blocks_another_one_but_not_a_cancel() {
        var symbol = "068270";
        var id = trading.resting("busy", symbol, 10);
        trading.fault("{\"exchange_delay_ms\":1200}");
        trading.modify(id, "{\"qty\":8}");
        trading.await(id, "MODIFY_PENDING");
        var replayed = trading.modify(id, "{\"qty\":6}");
        assertThat(replayed.status()).isEqualTo(400);
        assertThat(replayed.code()).isEqualTo("INVALID_TRANSITION");
        assertThat(trading.cancel(id).status()).isEqualTo(200);
        trading.noFaults();
        trading.await(id, "CANCELED");
        assertThat(trading.open(symbol)).isEmpty();
        assertThat(trading.modify(id, "{\"qty\":1}").code()).isEqualTo("ORDER_ALREADY_TERMINAL");
        assertThat(trading.modify(id, "{\"qty\":1}").status()).isEqualTo(409);
    }

    @Test
    void a_repeated_key_replays_the_answer_and_each_further_modification_has_its_own_key() {
        var symbol = "051910";
        long price = trading.low(symbol);
        var id = trading.resting("keys", symbol, 10);
        var body = "{\"qty\":9}";
        var first = trading.modify(id, body, "my-key");
        assertThat(first.header("Idempotent-Replay")).isEmpty();
        awaitTerms(id, 9, price);
        var replayed = trading.modify(id, body, "my-key");
        assertThat(replayed.header("Idempotent-Replay")).contains("true");
        assertThat(replayed.text()).isEqualTo(first.text());
        var other = trading.modify(id, "{\"qty\":8}", "my-key");
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.code()).isEqualTo("IDEMPOTENCY_KEY_BODY_MISMATCH");
        assertThat(trading.order(id).path("qty").longValue()).isEqualTo(9);

        assertThat(trading.modify(id, "{\"qty\":8}")
                        .body()
                        .path("idempotency_key")
                        .asString())
                .isEqualTo("modify:" + id + ":2");
        awaitTerms(id, 8, price);
        assertThat(trading.modify(id, "{\"qty\":7}")
                        .body()
                        .path("idempotency_key")
                        .asString())
                .isEqualTo("modify:" + id + ":3");
        awaitTerms(id, 7, price);
        assertThat(trading.modify(id, "{\"qty\":8}", "modify:" + id + ":2").header("Idempotent-Replay"))
                .contains("true");
        trading.cancel(id);
        trading.await(id, "CANCELED");
        assertThat(trading.modify(id, body, "my-key").header("Idempotent-Replay"))
                .as("a repeated modification of an ended order")
                .contains("true");
    }

    @Test
    void an_invalid_modification_is_refused_and_changes_nothing() {
        var symbol = "105560";
        long price = trading.low(symbol);
        var id = trading.resting("nonsense", symbol, 10);
        assertThat(trading.modify(id, "{}").code()).isEqualTo("MISSING_FIELD");
        assertThat(trading.modify(id, "{\"qty\":0}").code()).isEqualTo("INVALID_QTY");
        assertThat(trading.modify(id, "{\"qty\":11}").code()).isEqualTo("INVALID_QTY");
        assertThat(trading.modify(id, "{\"qty\":10,\"price\":" + price + "}").code())
                .isEqualTo("INVALID_FIELD");
        assertThat(trading.modify(id, "{\"side\":\"SELL\"}").code()).isEqualTo("UNKNOWN_FIELD");
        assertThat(trading.modify("ord_00000000000000000000000000", "{\"qty\":1}")
                        .code())
                .isEqualTo("ORDER_NOT_FOUND");
        assertThat(trading.modify(id, "{\"price\":" + (price + 1) + "}").code()).isEqualTo("INVALID_TICK_SIZE");
        assertThat(trading.modify(id, "{\"price\":" + price / 2 / 1000 * 1000 + "}")
                        .code())
                .isEqualTo("PRICE_OUT_OF_LIMITS");
        assertThat(trading.order(id).path("kis_order_nos")).hasSize(1);
        assertThat(status(trading.order(id))).isEqualTo("SENT");
        trading.cancel(id);
    }

    @Test
    void earlier_fills_stay_and_the_remainder_rests_at_the_new_price() {
        var symbol = "035420";
        var one = trading.placed("ask", symbol, "BUY", 1, Optional.empty());
        long ask =
                trading.await(one, "FILLED").path("fills").path(0).path("price").longValue();
        var id = trading.placed("sweep", symbol, "BUY", 300, Optional.of(ask)); // more than is offered there
        var partly = trading.await(id, "PARTIAL_FILLED");
        long filled = partly.path("filled_qty").longValue();
        assertThat(filled).isBetween(1L, 299L);
        assertThat(trading.modify(id, "{\"qty\":" + filled + "}").code()).isEqualTo("INVALID_QTY");

        long lower = trading.low(symbol);
        trading.modify(id, "{\"qty\":" + (filled + 2) + ",\"price\":" + lower + "}");
        var order = trading.await(
                id,
                "to rest with two shares",
                o -> o.path("price").longValue() == lower
                        && o.path("remaining_qty").longValue() == 2
                        && status(o).equals("PARTIAL_FILLED"));
        assertThat(order.path("filled_qty").longValue()).isEqualTo(filled);
        assertThat(trading.open(symbol))
                .hasSize(1)
                .allSatisfy(row -> assertThat(number(row, "rmn_qty")).isEqualTo(2));
        trading.cancel(id);
        var end = trading.await(id, "CANCELED");
        assertThat(end.path("filled_qty").longValue()).isEqualTo(filled);
        assertThat(end.path("avg_price").longValue()).isEqualTo(ask);
    }

    /** A fault on the way to or from the broker, and a symbol for it. */
    private record RevisionFault(String symbol, String fault) {
        @Override
        public String toString() {
            return fault;
        }
    }

    static Stream<RevisionFault> faults() {
        return Stream.of(
                new RevisionFault("000270", "{\"lose_answers\":{\"on\":\"revisions\",\"count\":2}}"),
                new RevisionFault(
                        "066570", "{\"late_answers\":{\"on\":\"revisions\",\"count\":4},\"late_answer_ms\":300}"),
                new RevisionFault("028260", "{\"timeouts_after\":{\"on\":\"revisions\",\"count\":2}}"),
                new RevisionFault(
                        "003550", "{\"lose_notices\":{\"on\":[\"receipts\",\"confirmations\"],\"count\":100}}"),
                new RevisionFault(
                        "015760", "{\"duplicate_notices\":{\"on\":[\"receipts\",\"confirmations\"],\"count\":100}}"),
                new RevisionFault("017670", "{\"notices_first\":{\"on\":\"revisions\",\"count\":100}}"),
                new RevisionFault(
                        "030200", "{\"late_notices\":{\"on\":\"confirmations\",\"count\":100},\"late_notice_ms\":700}"),
                new RevisionFault(
                        "032830", "{\"reorder_notices\":{\"on\":[\"receipts\",\"confirmations\"],\"count\":100}}"));
    }

    @Test
    @Tag("long")
    void a_chain_of_modifications_ends_as_requested_even_when_answers_arrive_after_their_timeout() {
        a_chain_of_modifications_ends_as_requested_despite_faults_and_no_request_is_sent_twice(new RevisionFault(
                "012330", "{\"late_answers\":{\"on\":\"revisions\",\"count\":3},\"late_answer_ms\":5400}"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    @Requirement("G-17")
    @Requirement("A-24")
    void a_chain_of_modifications_ends_as_requested_despite_faults_and_no_request_is_sent_twice(RevisionFault bad) {
        var symbol = bad.symbol();
        long price = trading.low(symbol);
        var id = trading.resting("chain-" + symbol, symbol, 10);
        trading.fault(bad.fault());

        modifyAndAwait(id, 10, price - 1000);
        modifyAndAwait(id, 6, price - 1000);
        modifyAndAwait(id, 4, price);

        var order = trading.order(id);
        assertThat(order.path("filled_qty").longValue()).isZero();
        assertThat(trading.open(symbol)).hasSize(1).allSatisfy(row -> {
            assertThat(number(row, "rmn_qty")).isEqualTo(4);
            assertThat(number(row, "ord_unpr")).isEqualTo(price);
        });
        trading.cancel(id);
        var end = trading.await(id, "CANCELED");
        assertThat(trading.open(symbol)).isEmpty();
        // The order, two prices, two partial cancels and the cancel: each once.
        assertThat(trading.acceptanceCounts(symbol, end)).hasSize(6).containsOnly(1);
    }

    /** Modifies until the order is so: a change that the broker definitely refused may be requested again. */
    private static void modifyAndAwait(String id, long qty, long price) {
        var answer = trading.modify(id, "{\"qty\":" + qty + ",\"price\":" + price + "}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        awaitTerms(id, qty, price);
    }

    @Test
    @Requirement("G-17")
    void an_operator_resolves_a_modification_in_doubt_and_the_order_stays_cancellable() {
        var symbol = "034730";
        long price = trading.low(symbol);
        var id = trading.resting("doubt", symbol, 10);
        trading.fault("{\"server_errors_before\":{\"on\":\"revisions\",\"count\":1}}");
        trading.modify(id, "{\"price\":" + (price - 1000) + "}");
        trading.await(id, "to be in doubt", o -> trading.eventTypes(id).contains("SendInDoubt"));
        assertThat(trading.modify(id, "{\"qty\":5}").code()).isEqualTo("INVALID_TRANSITION");
        assertThat(trading.alerts(id))
                .anySatisfy(a -> assertThat(a.path("event").asString()).isEqualTo("request_in_doubt"));

        var path = "/v1/orders/" + id + "/resolve";
        var decided = trading.operate("POST", path, "{\"decision\":\"NOT_AT_BROKER\",\"note\":\"looked there\"}");
        assertThat(decided.status()).as(decided.toString()).isEqualTo(200);
        assertThat(trading.await(id, "SENT").path("price").longValue()).isEqualTo(price);
        modifyAndAwait(id, 10, price - 2000);

        trading.fault("{\"server_errors_before\":{\"on\":\"revisions\",\"count\":1}}");
        trading.modify(id, "{\"price\":" + price + "}");
        trading.await(id, "MODIFY_PENDING");
        trading.cancel(id);
        trading.await(id, "CANCELED");
        assertThat(trading.open(symbol)).isEmpty();
        assertThat(trading.acceptanceCounts(symbol, trading.order(id))).containsOnly(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"033780", "034020"})
    void a_modification_refused_by_the_exchange_leaves_the_order_unchanged(String symbol) {
        long price = trading.low(symbol);
        var id = trading.resting("refused-" + symbol, symbol, 10);
        if (symbol.equals("034020")) { // and the refusal is not reported
            trading.fault("{\"lose_notices\":{\"on\":\"confirmations\",\"count\":1}}");
        }
        trading.fault("{\"reject_by_exchange\":{\"on\":\"revisions\",\"count\":1}}");
        trading.modify(id, "{\"qty\":5}");
        var order = trading.await(
                id,
                "to be as before",
                o -> status(o).equals("SENT") && trading.eventTypes(id).contains("BrokerRefused"));
        assertThat(order.path("qty").longValue()).isEqualTo(10);
        assertThat(trading.open(symbol))
                .hasSize(1)
                .allSatisfy(row -> assertThat(number(row, "rmn_qty")).isEqualTo(10));
        modifyAndAwait(id, 5, price);
        trading.cancel(id);
        trading.await(id, "CANCELED");
    }
}
