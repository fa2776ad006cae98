package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.broker.MemoryBroker;
import kr.kisgateway.market.Symbol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A whole gateway in front of a broker that is not KIS: its capabilities depend on the ports alone. */
@Tag("slow")
class SecondBrokerTest {
    private static final long PRICE = 70_000;

    @TempDir
    Path folder;

    private MemoryBroker broker;
    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        // Friday, ten in the morning in Seoul.
        var ahead = Duration.between(Instant.now(), Instant.parse("2026-11-20T01:00:00Z"));
        broker = new MemoryBroker(
                Map.of(Symbol.of("005930"), PRICE, Symbol.of("000660"), 200_000L),
                () -> Instant.now().plus(ahead));
        gateway = GatewayFixture.start(
                folder,
                ahead,
                Map.of("KIS_ENV", "sim", "ORDER_RECONCILE_EVERY", "1s"),
                (_, _, _, _, _) -> new BrokerConnector.Connected(broker, Optional.empty()));
        gateway.awaitReady();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private String place(String key, String terms) {
        var answer = gateway.send(
                "POST",
                "/v1/orders",
                "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":3" + terms + "}",
                "Idempotency-Key",
                key);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return "/v1/orders/" + gateway.tree(answer).path("order_id").asString("");
    }

    private JsonNode await(String order, String status) {
        Await.until(
                order + " is " + status,
                () -> gateway.json(order).path("status").asString("").equals(status));
        return gateway.json(order);
    }

    @Test
    void a_market_order_is_filled_by_notices_and_is_in_the_positions() {
        var filled = await(place("market", ",\"order_type\":\"MARKET\""), "FILLED");
        assertThat(filled.path("filled_qty").asLong()).isEqualTo(3);
        assertThat(filled.path("avg_price").decimalValue()).isEqualByComparingTo("70000");
        assertThat(filled.path("kis_order_no").asString("")).isEqualTo("0000000001");
        Await.until(
                "the position",
                () -> gateway.json("/v1/positions?account_id=A1")
                                .path(0)
                                .path("qty")
                                .asLong(0)
                        == 3);
        assertThat(gateway.json("/v1/balances?account_id=A1").toString()).contains("99790000");
    }

    @Test
    void a_resting_order_is_modified_and_canceled() {
        var order = place("rest", ",\"order_type\":\"LIMIT\",\"price\":69000");
        await(order, "SENT");
        var modified = gateway.send("POST", order + "/modify", "{\"price\":69500}", "Idempotency-Key", "modify");
        assertThat(modified.statusCode()).as(modified.body()).isEqualTo(200);
        Await.until(
                "the new price",
                () -> gateway.json(order).path("price").asLong(0) == 69_500
                        && gateway.json(order).path("status").asString("").equals("SENT"));
        assertThat(gateway.send("POST", order + "/cancel", "").statusCode()).isEqualTo(200);
        assertThat(await(order, "CANCELED").path("filled_qty").asLong(-1)).isZero();
    }

    @Test
    void an_order_that_the_broker_refuses_is_rejected_with_its_reason() {
        var answer = gateway.send("POST", "/v1/orders", """
                {"account_id":"A1","symbol":"035720","side":"BUY","qty":1,"order_type":"LIMIT","price":40000}""", "Idempotency-Key", "refused");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var order = "/v1/orders/" + gateway.tree(answer).path("order_id").asString("");
        assertThat(await(order, "REJECTED").toString()).contains("does not trade 035720");
    }

    @Test
    void an_order_without_an_answer_is_resolved_by_the_brokers_list_and_sent_once() {
        broker.loseAnswers(true);
        var order = place("lost", ",\"order_type\":\"MARKET\"");
        assertThat(await(order, "FILLED").path("filled_qty").asLong()).isEqualTo(3);
        assertThat(broker.orders()).isEqualTo(1);
    }

    @Test
    void prices_books_and_batches_are_answered_from_its_ports() {
        var quote = gateway.json("/v1/quotes/005930");
        assertThat(quote.path("price").asLong()).isEqualTo(PRICE);
        assertThat(quote.path("source").asString("")).isEqualTo("kis-rest");
        assertThat(gateway.json("/v1/orderbooks/005930").path("best_bid").asLong())
                .isEqualTo(PRICE);
        assertThat(gateway.json("/v1/instruments/005930").path("upper_limit").asLong())
                .isEqualTo(PRICE * 13 / 10);
        var both = gateway.json("/v1/quotes?symbols=005930,000660");
        assertThat(both.toString()).contains("70000", "200000");
        assertThat(gateway.get("/v1/quotes/035720").body()).contains("SYMBOL_NOT_FOUND");
        assertThat(gateway.get("/v1/rankings/volume").body()).contains("UNSUPPORTED_BY_SOURCE");
        assertThat(List.of(gateway.get("/v1/bars/005930?period=D").statusCode()))
                .doesNotContain(500);
    }
}
