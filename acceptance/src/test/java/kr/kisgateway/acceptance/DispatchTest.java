package kr.kisgateway.acceptance;

import static kr.kisgateway.acceptance.TradingFixture.number;
import static kr.kisgateway.acceptance.TradingFixture.status;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Orders are sent in the order of acceptance and at the rate that the broker allows, or not at all. */
@Requirement("G-03")
@Tag("slow")
class DispatchTest {
    /** Calls a second of the gateway; so few that the smallest machine accepts orders faster than they are sent. */
    private static final int RATE = 50;

    private static final Duration ALL_SENT_TIMEOUT = Duration.ofSeconds(80);

    @TempDir
    static Path folder;

    private static TradingFixture trading;

    @BeforeAll
    static void start() {
        trading = TradingFixture.start(folder, "ORDER_RECONCILE_EVERY=5s", "SIMULATOR_RATE_LIMIT=" + RATE);
    }

    @AfterAll
    static void stop() {
        trading.close();
    }

    private static String dispatchByIn(Duration time) {
        return "\"dispatch_by\":\"" + OffsetDateTime.now(ZoneOffset.UTC).plus(time) + "\"";
    }

    /** Places a hundred orders and returns their ids in the order of acceptance. */
    private static List<String> batch(List<String> orders) {
        var answer = trading.post("/v1/orders/batch", "{\"orders\":[" + String.join(",", orders) + "]}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.body().path("accepted").intValue()).isEqualTo(100);
        return answer.body()
                .path("orders")
                .valueStream()
                .map(o -> o.path("order_id").asString())
                .toList();
    }

    private static Map<String, JsonNode> ordersOf(String symbol) {
        var orders = new HashMap<String, JsonNode>();
        trading.get("/v1/orders?symbol=" + symbol + "&limit=1000")
                .body()
                .path("orders")
                .forEach(o -> orders.put(o.path("order_id").asString(), o));
        return orders;
    }

    @Test
    @Requirement(value = "A-05", clause = "paced")
    @Requirement(value = "A-06", clause = "rate")
    @Requirement(value = "G-03", clause = "queue")
    @Requirement(value = "A-06", clause = "priority")
    void a_thousand_simultaneous_orders_are_sent_in_order_at_the_brokers_rate_with_market_orders_first() {
        var symbol = "000040"; // cheap: a thousand different orders are affordable
        long price = trading.price(symbol) * 85 / 100;
        var limits = new ArrayList<String>();
        var markets = new ArrayList<String>();
        var by = dispatchByIn(Duration.ofMinutes(5));
        long before = trading.metric("sent");
        long startNanos = System.nanoTime();
        for (var round = 0; round < 10; round++) {
            var orders = new ArrayList<String>();
            for (var n = 0; n < 100; n++) {
                long qty = 1 + n + 100L * (round == 9 ? 0 : round);
                var more = by + ",\"idempotency_key\":\"thousand-" + round + "-" + n + "\"";
                orders.add(TradingFixture.body(
                        symbol, "BUY", qty, round == 9 ? Optional.empty() : Optional.of(price), more));
            }
            (round == 9 ? markets : limits).addAll(batch(orders));
        }
        assertThat(trading.metric("queue_depth")).as("orders still queued").isPositive();

        Eventually.await(
                "a thousand orders to be accepted",
                ALL_SENT_TIMEOUT,
                () -> trading.metric("sent"),
                sent -> sent == before + 1_000);
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        var sent = ordersOf(symbol);
        assertThat(seconds).as("the first second's orders are sent at once").isGreaterThan(1_000.0 / RATE - 1);

        var numbers = trading.otherProgram().rows().stream()
                .filter(row -> row.path("pdno").asString().equals(symbol))
                .map(row -> number(row, "odno"))
                .toList();
        assertThat(numbers).hasSize(1_000);
        var sends = new ArrayList<>(assertSentInOrder(limits, sent));
        sends.addAll(assertSentInOrder(markets, sent));
        assertNoSecondExceedsTheRate(sends);
        long lastMarket = numbersOf(markets, sent).getLast();
        assertThat(numbersOf(limits, sent))
                .as("limit orders that wait behind market orders accepted after them")
                .filteredOn(no -> no > lastMarket)
                .isNotEmpty();
        long firstMarket = numbersOf(markets, sent).getFirst();
        assertThat(numbersOf(limits, sent))
                .as("limit orders between market orders")
                .filteredOn(no -> no > firstMarket && no < lastMarket)
                .hasSizeLessThan(100);
        trading.operate("POST", "/v1/orders/cancel-all", "{\"symbol\":\"" + symbol + "\"}", "thousand-away");
        Eventually.await("nothing open", ALL_SENT_TIMEOUT, () -> trading.open(symbol), List::isEmpty);
    }

    private record SendRecord(long sendStarted, Instant sentAt, long answered, long number) {}

    /**
     * The orders were sent in the order of acceptance. Requests in flight together may overtake each other on the network;
     * one that was answered before another was sent has the smaller number.
     */
    private static List<SendRecord> assertSentInOrder(List<String> ids, Map<String, JsonNode> orders) {
        var numbers = numbersOf(ids, orders);
        var sends = new ArrayList<SendRecord>();
        for (var i = 0; i < ids.size(); i++) {
            var events = trading.gateway().get("/v1/orders/" + ids.get(i) + "/events");
            sends.add(new SendRecord(
                    event(events, "SendStarted").path("seq").longValue(),
                    Instant.parse(event(events, "SendStarted").path("at").asString()),
                    event(events, "BrokerAccepted").path("seq").longValue(),
                    numbers.get(i)));
        }
        assertThat(sends.stream().map(SendRecord::sendStarted)).isSorted();
        for (var one : sends) {
            assertThat(sends)
                    .filteredOn(other -> other.sendStarted() > one.answered() && other.number() < one.number())
                    .isEmpty();
        }
        return sends;
    }

    /** A call has its slot for a second after its answer; the broker of these tests would allow more. */
    private static void assertNoSecondExceedsTheRate(List<SendRecord> sends) {
        var times = sends.stream().map(SendRecord::sentAt).sorted().toList();
        for (int i = 0; i + RATE < times.size(); i++) {
            assertThat(Duration.between(times.get(i), times.get(i + RATE)))
                    .as("between the sends %d and %d", i, i + RATE)
                    .isGreaterThan(Duration.ofMillis(950));
        }
    }

    private static JsonNode event(JsonNode events, String type) {
        return events.valueStream()
                .filter(e -> e.path("type").asString().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static List<Long> numbersOf(List<String> ids, Map<String, JsonNode> orders) {
        return ids.stream()
                .map(id -> Long.parseLong(orders.get(id).path("kis_order_no").asString()))
                .toList();
    }

    @Test
    void an_order_that_cannot_be_sent_in_time_is_refused_at_once_and_none_is_sent_late() {
        var symbol = "005930";
        long price = trading.low(symbol);
        var orders = new ArrayList<String>();
        var codes = new ArrayList<String>();
        var ids = new ArrayList<String>();
        var by = OffsetDateTime.now(ZoneOffset.UTC).plusSeconds(4);
        for (var round = 0; round < 6; round++) {
            orders.clear();
            for (var n = 0; n < 100; n++) {
                orders.add(TradingFixture.body(
                        symbol,
                        "BUY",
                        1 + n + 100L * round,
                        Optional.of(price),
                        "\"dispatch_by\":\"" + by + "\",\"idempotency_key\":\"short-" + round + "-" + n + "\""));
            }
            var answer = trading.post("/v1/orders/batch", "{\"orders\":[" + String.join(",", orders) + "]}");
            var each = answer.ok()
                    ? answer.body().path("orders")
                    : answer.body().path("details").path("orders");
            each.forEach(o -> {
                codes.add(o.path("code").asString("ACCEPTED"));
                if (!o.path("order_id").asString("").isEmpty()) {
                    ids.add(o.path("order_id").asString());
                }
            });
        }
        assertThat(codes).contains("ACCEPTED").containsAnyOf("QUEUE_TIMEOUT", "INSUFFICIENT_CASH");
        assertThat(codes).isSubsetOf("ACCEPTED", "QUEUE_TIMEOUT", "INSUFFICIENT_CASH");
        for (var id : ids) {
            var order = trading.await(id, "SENT", "EXPIRED");
            if (status(order).equals("EXPIRED")) {
                assertThat(order.path("reason").asString()).isEqualTo("NOT_SENT");
                assertThat(order.path("kis_order_no").isNull()).isTrue();
            }
        }
        assertThat(trading.open(symbol)).hasSize((int) ids.stream()
                .filter(id -> status(trading.order(id)).equals("SENT"))
                .count());
        trading.operate("POST", "/v1/orders/cancel-all", "{\"symbol\":\"" + symbol + "\"}", "short-away");
        Eventually.await("nothing open", ALL_SENT_TIMEOUT, () -> trading.open(symbol), List::isEmpty);
    }

    @Test
    @Requirement(value = "G-03", clause = "worker-off")
    void without_a_worker_orders_stay_queued_until_their_deadline_and_cancels_are_still_sent() {
        var symbol = "035720";
        long price = trading.low(symbol);
        var resting = trading.resting("worker-resting", symbol, 2);
        trading.restart("ORDER_WORKER_ENABLED=false");
        var queued = TradingFixture.id(trading.place(
                "worker-kept", symbol, "BUY", 3, Optional.of(price), dispatchByIn(Duration.ofSeconds(60))));
        var shortLived = TradingFixture.id(trading.place(
                "worker-short", symbol, "BUY", 4, Optional.of(price), dispatchByIn(Duration.ofSeconds(5))));
        assertThat(status(trading.order(queued))).isEqualTo("QUEUED");
        assertThat(trading.modify(queued, "{\"qty\":5}").status()).isEqualTo(200);
        assertThat(trading.order(queued).path("qty").longValue()).isEqualTo(5);
        trading.cancel(resting);
        trading.await(resting, "CANCELED");
        assertThat(trading.await(shortLived, "EXPIRED").path("reason").asString())
                .isEqualTo("NOT_SENT");
        trading.cancel(queued);
        var canceled = trading.order(queued);
        assertThat(status(canceled)).isEqualTo("CANCELED");
        assertThat(canceled.path("kis_order_no").isNull()).isTrue();

        var later = TradingFixture.id(trading.place(
                "worker-later", symbol, "BUY", 6, Optional.of(price), dispatchByIn(Duration.ofMinutes(5))));
        trading.restart();
        trading.await(later, "SENT"); // queued orders are sent once dispatch is enabled again
        assertThat(trading.otherProgram().rows().stream()
                        .filter(row -> row.path("pdno").asString().equals(symbol))
                        .filter(row -> row.path("orgn_odno").asString().isBlank())
                        .sorted(Comparator.comparing(row -> number(row, "odno")))
                        .map(row -> number(row, "ord_qty")))
                .containsExactly(2L, 6L);
        trading.cancel(later);
        trading.await(later, "CANCELED");
    }
}
