package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A basket of Korean and US stocks in a night: one market is open, the other opens in the morning. */
@Tag("slow")
class BasketHoursTest {
    private static final String PARENTS = "/v1/parents";

    @TempDir
    private Path folder;

    private MarketDay day;
    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        day = MarketDay.at(folder, "2026-11-19T23:40:00", Map.of());
        gateway = day.gateway();
    }

    @AfterEach
    void stop() {
        day.close();
    }

    private String price(String symbol, int percent, int decimals) {
        return gateway.json("/v1/quotes/" + symbol)
                .path("price")
                .decimalValue()
                .multiply(BigDecimal.valueOf(100 + percent))
                .movePointLeft(2)
                .setScale(decimals, RoundingMode.DOWN)
                .toPlainString();
    }

    private static String basket(String members, String... lines) {
        return "{\"kind\":\"BASKET\",\"account_id\":\"A1\",\"side\":\"BUY\"" + members + ",\"orders\":["
                + String.join(",", lines) + "]}";
    }

    private JsonNode parent(String id) {
        return gateway.json(PARENTS + "/" + id);
    }

    @Test
    void a_line_waits_for_its_market_while_another_is_placed() {
        String apple = "{\"symbol\":\"AAPL.NASD\",\"qty\":1,\"price\":" + price("AAPL.NASD", 1, 2) + "}";
        String won = price("005930", -5, -3);
        String samsung = "{\"symbol\":\"005930\",\"amount\":1000000,\"price\":" + won + "}";
        String body = basket(",\"until\":\"2026-11-20T09:00:30+09:00\"", apple, samsung);

        var dollars = gateway.send(
                "POST", PARENTS, body.replace("\"qty\":1", "\"amount\":1000000"), "Idempotency-Key", "dollars");
        assertThat(dollars.statusCode()).as(dollars.body()).isEqualTo(400);
        assertThat(gateway.tree(dollars).at("/details/field").asString()).isEqualTo("orders[0].amount");
        var offTick = gateway.send(
                "POST",
                PARENTS,
                body.replace(won + "}", won.substring(0, won.length() - 1) + "1}"),
                "Idempotency-Key",
                "tick");
        assertThat(gateway.tree(offTick).at("/details/field").asString())
                .as("a closed market does not hide it: %s", offTick.body())
                .isEqualTo("orders[1].price");

        var created = gateway.send("POST", PARENTS, body, "Idempotency-Key", "night");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
        String id = gateway.tree(created).path("parent_id").asString();
        Await.until(
                "the US order is filled",
                () -> parent(id).at("/legs/0/status").asString().equals("FILLED"));
        assertThat(parent(id).at("/legs/1/status").asString()).isEqualTo("WAITING");
        assertThat(parent(id).path("status").asString()).isEqualTo("WORKING");

        var later = gateway.send("POST", PARENTS + "/" + id + "/modify", "{\"until\":\"2026-11-20T09:20:00+09:00\"}");
        assertThat(later.statusCode()).as(later.body()).isEqualTo(200);
        assertThat(OffsetDateTime.parse(parent(id).path("until").asString()).toInstant())
                .isEqualTo(MarketDay.instant("2026-11-20T09:20:00"));

        var placed0 = gateway.send("POST", PARENTS + "/" + id + "/modify", "{\"drop\":[0]}");
        assertThat(placed0.statusCode()).isEqualTo(400);
        var noLine = gateway.send("POST", PARENTS + "/" + id + "/modify", "{\"drop\":[2]}");
        assertThat(noLine.body()).contains("INVALID_FIELD").contains("drop").contains("from 0 to 1");

        day.jumpTo("2026-11-20T09:01:00");
        gateway.awaitReady();
        Await.until(
                "the Korean order is placed",
                () -> parent(id).at("/legs/1/order_id").isString());
        JsonNode placed = parent(id).at("/legs/1");
        assertThat(placed.path("qty").asLong()).isEqualTo(1_000_000 / Long.parseLong(won));
        gateway.send("POST", PARENTS + "/" + id + "/cancel", "{}");
        Await.until("the basket has ended", () -> !parent(id).path("reason").isNull());
    }

    @Test
    void a_line_that_waits_is_taken_out_and_never_placed() {
        String won = price("005930", -5, -3);
        String body = basket(
                ",\"until\":\"2026-11-20T09:20:00+09:00\"",
                "{\"symbol\":\"005930\",\"qty\":1,\"price\":" + won + "}",
                "{\"symbol\":\"005930\",\"qty\":2,\"price\":" + won + "}");
        var created = gateway.send("POST", PARENTS, body, "Idempotency-Key", "drop");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
        String id = gateway.tree(created).path("parent_id").asString();

        var dropped =
                gateway.send("POST", PARENTS + "/" + id + "/modify", "{\"drop\":[0]}", "Idempotency-Key", "drop-one");
        assertThat(dropped.statusCode()).as(dropped.body()).isEqualTo(200);
        assertThat(gateway.tree(dropped).at("/legs/0/status").asString()).isEqualTo("CANCELED");
        assertThat(gateway.tree(dropped).at("/legs/1/status").asString()).isEqualTo("WAITING");

        day.jumpTo("2026-11-20T09:01:00");
        gateway.awaitReady();
        Await.until(
                "the other line is placed",
                () -> gateway.json("/v1/orders").path("orders").size() == 1);
        gateway.send("POST", PARENTS + "/" + id + "/cancel", "{}");
        Await.until("the basket has ended", () -> !parent(id).path("reason").isNull());
        assertThat(parent(id).at("/legs/0/order_id").isNull()).isTrue();
        assertThat(parent(id).at("/legs/0/reason").asString()).contains("taken out");
        assertThat(gateway.json("/v1/orders").path("orders")).hasSize(1);
    }
}
