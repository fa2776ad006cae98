package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Parent orders and prices of the gateway at hours at which NXT alone trades. */
@Tag("slow")
class StrategyVenuesTest {
    private static final String PARENTS = "/v1/parents";
    private static final String SAMSUNG = "005930";
    /** A multiple of every tick of the prices around it; four of them at once would interrupt the trading of the stock. */
    private static final long STEP = 1_000;

    @TempDir
    private Path folder;

    private MarketDay day;
    private GatewayFixture gateway;
    private int keys;

    private void startAt(String korean) {
        day = MarketDay.at(folder, korean, Map.of());
        gateway = day.gateway();
    }

    @AfterEach
    void stop() {
        day.close();
    }

    private long price(String venue, long steps) {
        long last = gateway.json("/v1/quotes/" + SAMSUNG + "?venue=" + venue)
                .path("price")
                .asLong();
        return last / STEP * STEP + steps * STEP;
    }

    private void move(long price) {
        gateway.setMarket("{\"move\":\"" + SAMSUNG + "\",\"to\":" + price + "}");
    }

    private static String order(String side, String venue, long qty, String more) {
        return "\"order\":{\"account_id\":\"A1\",\"symbol\":\"" + SAMSUNG + "\",\"side\":\"" + side + "\",\"venue\":\""
                + venue + "\",\"qty\":" + qty + more + "}";
    }

    private HttpResponse<String> create(String body) {
        return gateway.send("POST", PARENTS, "{" + body + "}", "Idempotency-Key", "venues-" + ++keys);
    }

    private String created(String body) {
        var answer = create(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return gateway.tree(answer).path("parent_id").asString("");
    }

    private JsonNode parent(String id) {
        return gateway.json(PARENTS + "/" + id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NXT", "SOR", "AUTO"})
    void a_stop_sells_before_krx_opens_when_the_price_of_nxt_falls(String venue) {
        startAt("2026-11-20T08:20:00");
        long krx = price("KRX", 0);
        long nxt = price("NXT", 0);
        String id = created("\"kind\":\"BRACKET\"," + order("BUY", venue, 5, ",\"price\":" + (nxt + 2 * STEP))
                + ",\"stop\":{\"price\":" + (nxt - 2 * STEP) + ",\"limit_price\":" + (nxt - 12 * STEP) + "}");
        Await.until(
                "the entry is filled",
                () -> parent(id).at("/legs/0/status").asString("").equals("FILLED"));

        move(nxt - 3 * STEP);

        Await.until(
                "the stop has sold",
                () -> parent(id).path("status").asString("").equals("COMPLETED"));
        assertThat(parent(id).at("/legs/1/filled_qty").asLong()).isEqualTo(5);
        assertThat(price("KRX", 0)).as("KRX's price did not move").isEqualTo(krx);
    }

    @Test
    void a_stop_on_krx_is_not_decided_by_the_price_of_nxt_nor_by_one_of_another_session() {
        startAt("2026-11-20T08:35:00");
        long nxt = price("NXT", 0);
        String id = created("\"kind\":\"CONDITIONAL\"," + order("BUY", "KRX", 1, ",\"price\":" + nxt)
                + ",\"when\":{\"direction\":\"AT_OR_BELOW\",\"price\":" + (nxt - 2 * STEP) + "}");
        String other = created("\"kind\":\"CONDITIONAL\"," + order("BUY", "NXT", 1, ",\"price\":" + nxt)
                + ",\"when\":{\"direction\":\"AT_OR_BELOW\",\"price\":" + (nxt - 2 * STEP) + "}");
        move(nxt - 3 * STEP);
        Await.until(
                "the one on NXT is placed",
                () -> !parent(other).at("/legs/0/order_id").isNull());
        assertThat(parent(id).path("status").asString()).isEqualTo("WAITING");
    }

    @Test
    void an_order_on_nxt_is_re_priced_after_krx_has_closed() {
        startAt("2026-11-20T16:30:00");
        long nxt = price("NXT", 0);
        var answer = gateway.send(
                "POST",
                "/v1/orders",
                "{"
                        + order(
                                        "BUY",
                                        "NXT",
                                        1,
                                        ",\"price\":" + (nxt - 5 * STEP) + ",\"reprice\":{\"after_ms\":1000,\"max\":2}")
                                .replaceFirst("\"order\":\\{", ""),
                "Idempotency-Key",
                "evening");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String id = gateway.tree(answer).path("order_id").asString();
        Await.until(
                "it got the last price of NXT",
                () -> gateway.json("/v1/orders/" + id).at("/repricing/done").asInt() >= 1);
    }

    @Test
    void a_bracket_whose_exits_are_not_accepted_when_its_entry_is_filled_is_refused() {
        startAt("2026-11-20T16:30:00");
        long nxt = price("NXT", 0);
        String stop = ",\"stop\":{\"price\":" + (nxt - 5 * STEP) + "}";
        String limitStop = ",\"stop\":{\"price\":" + (nxt - 5 * STEP) + ",\"limit_price\":" + (nxt - 9 * STEP) + "}";
        for (String session : new String[] {"AFTER_MARKET", "AFTER_HOURS"}) {
            String type = session.equals("AFTER_HOURS") ? ",\"order_type\":\"CLOSE_PRICE\"" : ",\"price\":" + nxt;
            var refused = create("\"kind\":\"BRACKET\","
                    + order("BUY", "KRX", 1, type + ",\"session\":\"" + session + "\"") + limitStop);
            assertThat(refused.statusCode()).as(session + refused.body()).isEqualTo(400);
            assertThat(refused.body()).contains(session).contains("REGULAR").contains("NXT");
        }
        var market = create("\"kind\":\"BRACKET\"," + order("BUY", "SOR", 1, ",\"price\":" + nxt) + stop);
        assertThat(market.statusCode()).as(market.body()).isEqualTo(400);
        assertThat(market.body()).contains("limit_price");
        assertThat(gateway.json(PARENTS).path("parents")).isEmpty();
        created("\"kind\":\"BRACKET\"," + order("BUY", "SOR", 1, ",\"price\":" + nxt) + limitStop);
    }
}
