package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.api.bar.BarBatchRequest;
import kr.kisgateway.api.bar.BarCalls;
import kr.kisgateway.api.batch.BatchExpected;
import kr.kisgateway.api.batch.BatchStats;
import kr.kisgateway.api.call.BatchCall;
import kr.kisgateway.api.quote.QuoteBatchRequest;
import kr.kisgateway.api.quote.QuoteCalls;
import kr.kisgateway.gatewayclient.BatchListener;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The gateway in paper trading, against a broker that behaves as paper does: one call a second, V TR ids. */
@Requirement("A-18")
@Tag("slow")
class PaperTest {
    private static final String SYMBOL = "005930";

    @TempDir
    Path folder;

    private Simulator paper;
    private Running gateway;

    @BeforeEach
    void start() {
        paper = Programs.simulator(folder, "--paper", "--ticks", "1");
        gateway = Running.start(Programs.gateway(folder)
                .withEnvironment("KIS_ENV", "mock")
                .withEnvironment("KIS_API_BASE_URL_VIRTUAL", paper.url())
                .withEnvironment("KIS_WS_URL_MOCK", paper.url().replace("http:", "ws:"))
                .withEnvironment("KIS_MOCK_APP_KEY", "PSPAPER000000000000000000000000000001")
                .withEnvironment("KIS_MOCK_APP_SECRET", "s".repeat(180))
                .withEnvironment("KIS_MOCK_CANO", "50001234")
                .withEnvironment("KIS_HTS_ID", "papertrader"));
    }

    @AfterEach
    void stop() {
        gateway.close();
        paper.close();
    }

    @Test
    @Requirement(value = "P-07", clause = "base-url")
    @Requirement(value = "A-18", clause = "orders")
    void an_order_on_paper_is_placed_and_its_fill_arrives_by_notice() {
        var bought = gateway.placed("buy", SYMBOL, "BUY", 2, Optional.empty());
        var filled = gateway.awaitStatus(bought, "FILLED");
        assertThat(filled.path("fills").path(0).path("kind").asString()).isEqualTo("FILL");
        assertThat(filled.path("venue").asString()).isEqualTo("KRX");

        var resting = gateway.placed("rest", SYMBOL, "BUY", 1, Optional.of(150_000L));
        gateway.awaitStatus(resting, "SENT");
        assertThat(gateway.client()
                        .post("/v1/orders/" + resting + "/modify", "{\"price\":151000}", "modify")
                        .ok())
                .isTrue();
        gateway.await(
                "/v1/orders/" + resting,
                "the new price at the broker",
                order -> order.path("kis_order_nos").size() == 2);
        assertThat(gateway.client()
                        .post("/v1/orders/" + resting + "/cancel", "{}", "cancel")
                        .ok())
                .isTrue();
        gateway.awaitStatus(resting, "CANCELED");

        gateway.await(
                "/v1/positions?account_id=A1",
                "the shares",
                positions -> StreamSupport.stream(positions.spliterator(), false)
                        .anyMatch(it -> it.path("symbol").asString().equals(SYMBOL)
                                && it.path("qty").asLong() == 2));
        assertThat(budget().path("limit").asInt()).isEqualTo(1);
        assertThat(budget().path("refused_by_kis").asInt()).isZero();
        assertThat(paper.state().path("orders_received").size()).isEqualTo(2);
    }

    @Test
    @Requirement(value = "P-09", clause = "paper")
    @Requirement("P-10")
    @Requirement(value = "A-18", clause = "rate")
    void a_batch_on_paper_announces_its_duration_at_one_call_a_second() {
        var batchLines = new ArrayList<String>();
        var symbols = List.of("000660", "035420", "ZZZZZZ", "035720");
        for (var call : List.of(
                QuoteCalls.batch(new QuoteBatchRequest(symbols)),
                BarCalls.batch(new BarBatchRequest(
                        symbols,
                        "D",
                        Optional.empty(),
                        Optional.of("2026-11-13"),
                        OptionalLong.of(5),
                        Optional.empty())))) {
            var stats = requestBatch(call, batchLines);
            assertThat(stats.succeeded()).as(stats.toString()).isEqualTo(3);
            assertThat(stats.durationMs()).isGreaterThan(1_900);
        }
        assertThat(batchLines).containsExactly("3 calls, 3 s", "4 of 4", "3 calls, 3 s", "4 of 4");
        assertThat(budget().path("refused_by_kis").asInt()).isZero();
    }

    private <V> BatchStats.Stats requestBatch(BatchCall<V> call, List<String> lines) {
        return gateway.client()
                .batch(call, new BatchListener<V>() {
                    @Override
                    public void begins(BatchExpected.Expected expected) {
                        lines.add(expected.calls() + " calls, "
                                + expected.seconds().intValue() + " s");
                    }

                    @Override
                    public void milestone(int completed, int total) {
                        lines.add(completed + " of " + total);
                    }
                })
                .orElseThrow();
    }

    @Test
    void pushed_paper_prices_answer_quotes() {
        var quote = gateway.await(
                "/v1/quotes/" + SYMBOL,
                "a pushed price",
                it -> it.path("source").asString().equals("kis-ws"));
        assertThat(quote.path("price").asLong()).isPositive();
        assertThat(gateway.get("/v1/session/status").path("mode").asString()).isEqualTo("mock");
    }

    @Test
    void paper_orders_go_to_krx_and_a_named_venue_is_refused_before_a_call_is_spent() {
        var plain = "{\"account_id\":\"A1\",\"symbol\":\"" + SYMBOL + "\",\"side\":\"BUY\",\"qty\":1}";
        for (var venue : List.of("NXT", "SOR")) {
            var answer = gateway.client()
                    .post("/v1/orders", plain.replace("}", ",\"venue\":\"" + venue + "\"}"), "at-" + venue);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("INVALID_ORDER_TYPE");
            assertThat(answer.body().toString()).contains("KRX");
        }
        assertThat(orderCalls()).isZero();

        // The cause is that field alone.
        var accepted = gateway.client().post("/v1/orders", plain, "plain");
        assertThat(accepted.ok()).as(accepted.toString()).isTrue();
        var filled = gateway.awaitStatus(accepted.body().path("order_id").asString(), "FILLED");
        assertThat(filled.path("venue").asString()).isEqualTo("KRX");
        assertThat(orderCalls()).isEqualTo(1);
    }

    private long orderCalls() {
        return paper.state()
                .path("calls")
                .propertyStream()
                .filter(call -> call.getKey().contains("/trading/order-"))
                .mapToLong(call -> call.getValue().asLong())
                .sum();
    }

    private JsonNode budget() {
        return gateway.get("/v1/session/status").path("app_keys").path(0).path("budget");
    }
}
