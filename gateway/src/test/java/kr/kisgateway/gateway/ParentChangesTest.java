package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Parent orders that are changed as one: what waits, and the orders at the exchange that get smaller with it. */
@Tag("slow")
class ParentChangesTest {
    private static final String PARENTS = "/v1/parents";
    private static final String SAMSUNG = "005930";
    private static final long STEP = 1_000;

    @TempDir
    Path folder;

    private GatewayFixture gateway;
    private int keys;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(
                folder.resolve("sim"),
                Map.of("KIS_ENV", "sim", "SIMULATOR_RATE_LIMIT", "5000", "SIMULATOR_CLOCK", "open-fixed"));
        gateway.awaitReady();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private long price(long steps) {
        long last = gateway.json("/v1/quotes/" + SAMSUNG).path("price").asLong();
        return last / STEP * STEP + steps * STEP;
    }

    private static String order(String side, long qty, String more) {
        return "\"order\":{\"account_id\":\"A1\",\"symbol\":\"" + SAMSUNG + "\",\"side\":\"" + side + "\",\"qty\":"
                + qty + more + "}";
    }

    private String created(String body) {
        var answer = gateway.send("POST", PARENTS, "{" + body + "}", "Idempotency-Key", "change-" + ++keys);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return gateway.tree(answer).path("parent_id").asString("");
    }

    private JsonNode parent(String id) {
        return gateway.json(PARENTS + "/" + id);
    }

    private JsonNode order(String id, int leg) {
        return gateway.json(
                "/v1/orders/" + parent(id).at("/legs/" + leg + "/order_id").asString(""));
    }

    private void awaitResting(String id, int leg) {
        Await.until(
                "leg " + leg + " rests",
                () -> parent(id).at("/legs/" + leg + "/order_id").isString()
                        && order(id, leg).path("status").asString("").equals("SENT"));
    }

    private void awaitQty(String id, int leg, long qty) {
        Await.until(
                "the order of leg " + leg + " has " + qty,
                () -> order(id, leg).path("qty").asLong() == qty
                        && order(id, leg).path("status").asString("").equals("SENT"));
    }

    private HttpResponse<String> modify(String id, String body, String... headers) {
        var answer = gateway.send("POST", PARENTS + "/" + id + "/modify", body, headers);
        gateway.contract().check("POST", PARENTS + "/{id}/modify", answer);
        return answer;
    }

    private JsonNode changed(String id, String body, String... headers) {
        var answer = modify(id, body, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return gateway.tree(answer);
    }

    private JsonNode refused(String id, String body) {
        var answer = modify(id, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        return gateway.tree(answer);
    }

    private List<String> events(String id) {
        return gateway.json(PARENTS + "/" + id + "/events")
                .valueStream()
                .map(event -> event.path("type").asString())
                .toList();
    }

    private void move(long price) {
        gateway.setMarket("{\"move\":\"" + SAMSUNG + "\",\"to\":" + price + "}");
    }

    private String bracket(String entry) {
        return created("\"kind\":\"BRACKET\"," + order("BUY", 8, entry) + ",\"take_profit\":{\"price\":" + price(8)
                + "},\"stop\":{\"price\":" + price(-12) + "}");
    }

    @Test
    void a_change_by_another_key_passes_the_limits_of_that_key_too() {
        var made = gateway.operate("POST", "/v1/keys", "{\"name\":\"small\",\"role\":\"trade\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        String[] small = {"X-API-Key", gateway.tree(made).path("key").asString()};
        String waiting = created("\"kind\":\"CONDITIONAL\"," + order("BUY", 1, ",\"price\":" + price(-20))
                + ",\"when\":{\"direction\":\"AT_OR_BELOW\",\"price\":" + price(-15) + "}");
        var limited = gateway.operate(
                "PUT",
                "/v1/risk/limits",
                "{\"gateway\":{\"daily_orders\":null,\"max_qty\":null,\"max_notional\":null,\"check_cash\":null,\"refuse_managed\":null},\"keys\":{\"small\":{\"daily_orders\":1,\"max_qty\":5,\"daily_notional\":"
                        + 8 * price(-20) + "}}}");
        assertThat(limited.statusCode()).as(limited.body()).isEqualTo(200);
        var used = gateway.send(
                "POST",
                "/v1/orders",
                "{\"account_id\":\"A1\",\"symbol\":\"" + SAMSUNG + "\",\"side\":\"BUY\",\"qty\":4,\"price\":"
                        + price(-20) + "}",
                "X-API-Key",
                small[1],
                "Idempotency-Key",
                "the-only-one");
        assertThat(used.statusCode()).as(used.body()).isEqualTo(200);

        var tooMany = modify(waiting, "{\"qty\":6}", small);
        assertThat(tooMany.statusCode()).as(tooMany.body()).isEqualTo(400);
        assertThat(tooMany.body()).contains("MAX_QTY_EXCEEDED", "key small");
        var tooMuch = modify(waiting, "{\"qty\":5}", small);
        assertThat(tooMuch.statusCode()).as(tooMuch.body()).isEqualTo(400);
        assertThat(tooMuch.body()).contains("DAILY_LIMIT_EXCEEDED", "daily_notional", "key small");
        assertThat(parent(waiting).at("/order/qty").asLong()).isEqualTo(1);

        String slices = created("\"kind\":\"TWAP\",\"slices\":4,\"until\":\""
                + Instant.now().plusSeconds(600) + "\"," + order("BUY", 4, ",\"price\":" + price(-20)));
        var inSlices = modify(slices, "{\"qty\":13}", small);
        assertThat(inSlices.statusCode()).as(inSlices.body()).isEqualTo(400);
        assertThat(inSlices.body()).as("the slices together").contains("daily_notional", "key small");
        changed(slices, "{\"until\":\"" + Instant.now().plusSeconds(900) + "\"}", small);
        // All orders of the day are used up, and this is none of that key.
        changed(waiting, "{\"qty\":4}", small);
        // The creator has no such limits.
        changed(waiting, "{\"qty\":9}");
        assertThat(parent(waiting).at("/order/qty").asLong()).isEqualTo(9);
    }

    @Test
    void a_smaller_bracket_makes_its_entry_smaller_at_the_exchange_and_its_exits_follow() {
        long entry = price(-4);
        String id = bracket(",\"price\":" + entry);
        awaitResting(id, 0);
        JsonNode smaller = changed(id, "{\"qty\":5}");
        assertThat(smaller.at("/order/qty").asLong()).isEqualTo(5);
        assertThat(smaller.at("/legs/0/qty").asLong()).isEqualTo(5);
        awaitQty(id, 0, 5);
        assertThat(events(id)).filteredOn("Modified"::equals).hasSize(1);

        JsonNode larger = refused(id, "{\"qty\":7}");
        assertThat(larger.path("code").asString()).isEqualTo("INVALID_QTY");
        assertThat(larger.path("message").asString())
                .contains("smaller and not larger")
                .contains("qty may be 1 to 4");
        assertThat(larger.at("/details/most").asLong()).isEqualTo(4);

        move(entry - STEP);
        awaitResting(id, 1);
        assertThat(order(id, 1).path("qty").asLong()).isEqualTo(5);
    }

    @Test
    void the_exits_of_a_filled_bracket_close_fewer_shares_and_leave_the_others() {
        String id = bracket("");
        awaitResting(id, 1);
        assertThat(refused(id, "{\"qty\":9}").path("message").asString())
                .contains("entry has ended with 8 shares")
                .contains("1 to 8");
        changed(id, "{\"qty\":3}");
        awaitQty(id, 1, 3);
        assertThat(parent(id).at("/legs/2/qty").asLong()).isEqualTo(3);

        move(price(-14));
        Await.until("it has ended", () -> parent(id).path("status").asString().equals("COMPLETED"));
        assertThat(parent(id).at("/legs/1/filled_qty").asLong()
                        + parent(id).at("/legs/2/filled_qty").asLong())
                .isEqualTo(3);
        assertThat(gateway.json("/v1/alerts").toString()).doesNotContain("parent_order_not");
    }

    @Test
    void the_stop_of_a_filled_entry_may_be_moved_above_its_price() {
        long entry = price(1); // which is filled at once
        String id = bracket(",\"price\":" + entry);
        awaitResting(id, 1);
        move(entry + 3 * STEP);
        long stop = entry + STEP;
        Await.until(
                "the price is known",
                () -> gateway.json("/v1/quotes/" + SAMSUNG).path("price").asLong() > stop);
        changed(id, "{\"stop\":{\"price\":" + stop + "}}");
        assertThat(parent(id).at("/legs/2/trigger_price").asLong()).isEqualTo(stop);
    }

    @Test
    void a_pair_gets_smaller_and_its_stop_with_it() {
        String entry = bracket(""); // shares to sell
        awaitResting(entry, 1);
        gateway.send("POST", PARENTS + "/" + entry + "/cancel", "{}");
        Await.until("it has ended", () -> !parent(entry).path("reason").isNull());
        String id = created("\"kind\":\"OCO\"," + order("SELL", 8, ",\"price\":" + price(9)) + ",\"stop\":{\"price\":"
                + price(-12) + "}");
        awaitResting(id, 0);
        long stop = price(-10);
        changed(id, "{\"qty\":2,\"stop\":{\"price\":" + stop + "}}");
        awaitQty(id, 0, 2);
        assertThat(parent(id).at("/legs/1/qty").asLong()).isEqualTo(2);
        assertThat(parent(id).at("/legs/1/trigger_price").asLong()).isEqualTo(stop);
        assertThat(refused(id, "{\"qty\":4}").path("code").asString()).isEqualTo("INVALID_QTY");
        assertThat(refused(id, "{\"price\":" + price(7) + "}").path("message").asString())
                .contains("change the order ord_");
    }

    @Test
    void slices_that_wait_get_another_quantity_end_and_price() {
        Instant until = Instant.now().plusSeconds(600);
        long first = price(-6);
        String id = created(
                "\"kind\":\"TWAP\",\"slices\":4,\"until\":\"" + until + "\"," + order("BUY", 8, ",\"price\":" + first));
        awaitResting(id, 0);
        Instant sooner = Instant.now().plusSeconds(300);
        Instant next = Instant.now().plusSeconds(60);
        long other = first + STEP;

        JsonNode changed = changed(
                id, "{\"qty\":17,\"price\":" + other + ",\"at\":\"" + next + "\",\"until\":\"" + sooner + "\"}");

        assertThat(changed.path("legs").valueStream().map(leg -> leg.path("qty").asLong()))
                .containsExactly(2L, 5L, 5L, 5L);
        assertThat(changed.at("/order/qty").asLong()).isEqualTo(17);
        assertThat(changed.at("/order/price").asLong()).isEqualTo(other);
        assertThat(changed.at("/legs/0/price").asLong()).as("it is placed").isEqualTo(first);
        List<OffsetDateTime> at = changed.path("legs")
                .valueStream()
                .map(leg -> OffsetDateTime.parse(leg.path("at").asString()))
                .toList();
        assertThat(Duration.between(at.get(1), at.get(2))).isEqualTo(Duration.between(at.get(2), at.get(3)));
        assertThat(Duration.between(at.get(1), at.get(2)).toSeconds()).isBetween(79L, 80L);
        assertThat(OffsetDateTime.parse(changed.path("until").asString()).toInstant())
                .isBetween(sooner.minusSeconds(1), sooner);

        assertThat(refused(id, "{\"qty\":4}").path("message").asString())
                .contains("2 shares are of slices that were placed or left out")
                .contains("qty is 5 or more");
        assertThat(refused(id, "{\"until\":\"" + next.plusSeconds(1) + "\"}")
                        .path("message")
                        .asString())
                .contains("less than a second");
        assertThat(refused(id, "{\"stop\":{\"price\":1000}}").path("message").asString())
                .contains("of a TWAP is not changed here");
    }

    @Test
    void changed_slices_are_placed_as_they_were_changed() {
        String id = created("\"kind\":\"TWAP\",\"slices\":3,\"until\":\""
                + Instant.now().plusSeconds(900) + "\"," + order("BUY", 3, ""));
        Await.until(
                "the first is filled",
                () -> parent(id).at("/legs/0/status").asString("").equals("FILLED"));
        Instant soon = Instant.now().plusSeconds(10);
        changed(id, "{\"qty\":9,\"at\":\"" + soon + "\",\"until\":\"" + soon.plusSeconds(4) + "\"}");
        Await.until("it has ended", () -> parent(id).path("status").asString().equals("COMPLETED"));
        assertThat(parent(id)
                        .path("legs")
                        .valueStream()
                        .map(leg -> leg.path("filled_qty").asLong()))
                .containsExactly(1L, 4L, 4L);
    }

    @Test
    void a_change_with_a_key_is_made_once_also_when_it_is_repeated_after_the_end() {
        String id = bracket(",\"price\":" + price(-4));
        awaitResting(id, 0);
        changed(id, "{\"qty\":5}", "Idempotency-Key", "smaller");
        awaitQty(id, 0, 5);
        changed(id, "{\"qty\":4}", "Idempotency-Key", "smallest");
        awaitQty(id, 0, 4);
        var again = modify(id, "{\"qty\":5}", "Idempotency-Key", "smaller");
        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        assertThat(again.headers().firstValue("Idempotent-Replay")).contains("true");
        assertThat(gateway.tree(again).at("/order/qty").asLong()).isEqualTo(4);
        var other = modify(id, "{\"qty\":3}", "Idempotency-Key", "smaller");
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(other.body()).contains("IDEMPOTENCY_KEY_BODY_MISMATCH");
        var creation = modify(id, "{\"qty\":3}", "Idempotency-Key", "change-" + keys);
        assertThat(creation.statusCode()).isEqualTo(409);

        gateway.send("POST", PARENTS + "/" + id + "/cancel", "{}");
        Await.until("it has ended", () -> !parent(id).path("reason").isNull());
        var late = modify(id, "{\"qty\":4}", "Idempotency-Key", "smallest");
        assertThat(late.statusCode()).as(late.body()).isEqualTo(200);
        assertThat(late.headers().firstValue("Idempotent-Replay")).contains("true");
        var unknown = modify(id, "{\"qty\":2}", "Idempotency-Key", "late");
        assertThat(unknown.statusCode()).isEqualTo(409);
        assertThat(unknown.body()).contains("ORDER_ALREADY_TERMINAL");
        assertThat(events(id)).filteredOn("Modified"::equals).hasSize(2);
    }
}
