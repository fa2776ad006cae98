package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Exits of parent orders whose shares another program has sold meanwhile, or never were there. */
@Tag("slow")
class StrategyExitsTest {
    private static final String PARENTS = "/v1/parents";
    private static final String SAMSUNG = "005930";
    private static final String CANO = "50001234";
    private static final String MARKET_DIVISION = "01";
    /** A multiple of every tick of the prices around it. */
    private static final long STEP = 1_000;

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private GatewayFixture gateway;
    private FaceClient elsewhere;
    private int keys;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(
                folder.resolve("sim"),
                Map.of(
                        "KIS_ENV", "sim",
                        "KIS_APP_KEY", "PSEXITS0000000000000000000000000001",
                        "KIS_APP_SECRET", "e".repeat(180),
                        "KIS_ACCOUNT_NO", CANO + "-01",
                        "KIS_HTS_ID", "exits1",
                        "SIMULATOR_RATE_LIMIT", "5000",
                        "SIMULATOR_CLOCK", "open-fixed"));
        gateway.awaitReady();
        elsewhere = new FaceClient(
                http,
                URI.create(
                        "http://127.0.0.1:" + gateway.gateway().simulatorPort().orElseThrow()),
                "PSELSEWHERE00000000000000000000000001",
                "w".repeat(180),
                CANO,
                "01",
                "exits1");
        assertThat(elsewhere.login().statusCode()).isEqualTo(200);
    }

    @AfterEach
    void stop() {
        gateway.close();
        http.close();
    }

    private long price(long steps) {
        long last = gateway.json("/v1/quotes/" + SAMSUNG).path("price").asLong();
        return last / STEP * STEP + steps * STEP;
    }

    private void move(long price) {
        gateway.setMarket("{\"move\":\"" + SAMSUNG + "\",\"to\":" + price + "}");
    }

    private String created(String body) {
        var answer = gateway.send("POST", PARENTS, "{" + body + "}", "Idempotency-Key", "exits-" + ++keys);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return gateway.tree(answer).path("parent_id").asString("");
    }

    private static String order(String side, long qty, String more) {
        return "\"order\":{\"account_id\":\"A1\",\"symbol\":\"" + SAMSUNG + "\",\"side\":\"" + side + "\",\"qty\":"
                + qty + more + "}";
    }

    private JsonNode parent(String id) {
        return gateway.json(PARENTS + "/" + id);
    }

    private long held() {
        return gateway.json("/v1/positions?account_id=A1")
                .valueStream()
                .filter(position -> position.path("symbol").asString("").equals(SAMSUNG))
                .mapToLong(position -> position.path("qty").asLong())
                .sum();
    }

    private void sellElsewhere(long qty) {
        var sold = elsewhere.order("TTTC0011U", SAMSUNG, MARKET_DIVISION, qty, 0);
        assertThat(FaceClient.tree(sold).path("rt_cd").asString())
                .as(sold.body())
                .isEqualTo("0");
    }

    private List<JsonNode> sales() {
        return gateway.json("/v1/orders?limit=100")
                .path("orders")
                .valueStream()
                .filter(order -> order.path("side").asString().equals("SELL")
                        && !order.path("external").asBoolean())
                .toList();
    }

    private JsonNode awaitShort(String part) {
        Await.until(
                "an alert about the shares that are missing",
                () -> gateway.alerts("parent_exit_waits").stream()
                        .anyMatch(alert -> alert.path("message").asString().contains(part)));
        return gateway.alert("parent_exit_waits").orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_stop_sells_what_a_sale_elsewhere_has_left(boolean isKnown) {
        String id = created("\"kind\":\"BRACKET\"," + order("BUY", 10, "") + ",\"stop\":{\"price\":" + price(-4) + "}");
        Await.until("the account has the shares", () -> held() == 10);
        sellElsewhere(6);
        if (isKnown) {
            Await.until("the sale is known", () -> held() == 4);
        }
        move(price(-6));

        Await.until(
                "the stop sold the rest",
                () -> parent(id).at("/legs/1/filled_qty").asLong() == 4);
        assertThat(awaitShort("4 of 10").path("level").asString()).isEqualTo("P1");
        Await.until("nothing is held", () -> held() == 0);
        assertThat(sales().stream()
                        .filter(sale -> sale.path("status").asString().equals("FILLED")))
                .singleElement()
                .satisfies(sale -> assertThat(sale.path("qty").asLong()).isEqualTo(4));
        assertThat(sales()).as("no loop of refused orders").hasSizeLessThanOrEqualTo(3);

        gateway.send("POST", PARENTS + "/" + id + "/cancel", "{}");
        Await.until("it has ended", () -> parent(id).path("status").asString().equals("CANCELED"));
        assertThat(gateway.alert("parent_exit_waits")
                        .orElseThrow()
                        .path("settled_at")
                        .isNull())
                .isFalse();
    }

    @Test
    void a_take_profit_is_placed_for_the_shares_that_are_there_and_the_rest_follows() {
        String id = created("\"kind\":\"BRACKET\"," + order("BUY", 10, "") + ",\"take_profit\":{\"price\":" + price(8)
                + "},\"stop\":{\"price\":" + price(-8) + "}");
        Await.until("the take-profit rests", () -> sales().size() == 1);
        String first = sales().getFirst().path("order_id").asString();
        gateway.send("POST", "/v1/orders/" + first + "/cancel", "{}");
        Await.until(
                "it is cancelled",
                () -> gateway.json("/v1/orders/" + first)
                        .path("status")
                        .asString()
                        .equals("CANCELED"));
        sellElsewhere(6);
        Await.until("the sale is known", () -> held() == 4);

        String pair = created("\"kind\":\"OCO\"," + order("SELL", 10, ",\"price\":" + price(6))
                + ",\"stop\":{\"price\":" + price(-8) + "}");
        awaitShort("4 of 10");
        Await.until(
                "a smaller one rests",
                () -> gateway.json("/v1/orders/"
                                        + parent(pair).at("/legs/0/order_id").asString())
                                .path("qty")
                                .asLong()
                        == 4);

        gateway.send("POST", PARENTS + "/" + id + "/cancel", "{}");
        move(price(7));
        Await.until("it is filled", () -> parent(pair).at("/legs/0/filled_qty").asLong() == 4);
        assertThat(parent(pair).path("status").asString()).isEqualTo("WORKING");
        buyElsewhere(6);
        Await.until(
                "the rest is placed when its shares are there",
                () -> parent(pair).at("/legs/0/filled_qty").asLong() == 10);
    }

    private void buyElsewhere(long qty) {
        var bought = elsewhere.order("TTTC0012U", SAMSUNG, MARKET_DIVISION, qty, 0);
        assertThat(FaceClient.tree(bought).path("rt_cd").asString())
                .as(bought.body())
                .isEqualTo("0");
    }
}
