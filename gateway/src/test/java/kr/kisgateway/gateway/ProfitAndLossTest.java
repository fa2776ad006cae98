package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code /v1/pnl} of trades of two days, compared with the executions and with the broker's holdings. */
@Tag("slow")
class ProfitAndLossTest {
    private static final String SAMSUNG = "005930";
    private static final String PNL = "/v1/pnl?account_id=A1";

    @TempDir
    private Path folder;

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private KisSimulator simulator;
    private GatewayFixture gateway;
    private long keys;

    @BeforeEach
    void start() {
        ahead.set(Duration.between(Instant.now(), at("2026-11-19T10:00:00")));
        InstantSource clock = () -> Instant.now().plus(ahead.get());
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new KrxCalendar(), clock)
                .withRates(1_000, 1_000)
                .withSynchronous("OFF"));
        startGateway("first");
    }

    private void startGateway(String name) {
        gateway = GatewayFixture.startInTime(
                folder.resolve(name),
                simulator.restBase(),
                ahead,
                new HashMap<>(Map.of(
                        "SIMULATOR_URL", simulator.restBase().toString(),
                        "SIMULATOR_CLOCK", "real",
                        "SIMULATOR_RATE_LIMIT", "1000",
                        "KIS_ENV", "sim",
                        "KIS_APP_KEY", "PSPROFITS00000000000000000000000001A",
                        "KIS_APP_SECRET", "p".repeat(180),
                        "KIS_ACCOUNT_NO", "50001234-01",
                        "KIS_HTS_ID", "profit01",
                        "RISK_REFUSE_SELF_CROSS", "false")));
        gateway.awaitReady();
    }

    @AfterEach
    void stop() {
        gateway.close();
        simulator.close();
    }

    private static Instant at(String korean) {
        return LocalDateTime.parse(korean).atZone(TradingCalendar.SEOUL).toInstant();
    }

    private void trade(String symbol, String side, int qty, String strategy) {
        var answer = gateway.send(
                "POST",
                "/v1/orders",
                "{\"account_id\":\"A1\",\"symbol\":\"" + symbol + "\",\"side\":\"" + side + "\",\"qty\":" + qty
                        + ",\"strategy_id\":\"" + strategy + "\"}",
                "Idempotency-Key",
                "k" + keys++);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String id = gateway.tree(answer).path("order_id").asString();
        Await.until(
                "the order is filled",
                () -> gateway.json("/v1/orders/" + id).path("status").asString().equals("FILLED"));
    }

    private JsonNode pnl(String query) {
        var answer = gateway.get(PNL + query);
        assertThat(answer.statusCode()).as("%s: %s", query, answer.body()).isEqualTo(200);
        gateway.contract().check("GET", "/v1/pnl", answer);
        return gateway.tree(answer);
    }

    private static JsonNode row(JsonNode report, String field, String value) {
        return report.path("rows")
                .valueStream()
                .filter(it -> it.path(field).asString("").equals(value))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row of " + value + ": " + report));
    }

    /** Profit before costs by first-in, first-out, share by share, from the executions. */
    private long grossOf(String symbol) {
        var executions = gateway.json("/v1/executions?limit=1000&symbol=" + symbol)
                .path("executions")
                .valueStream()
                .toList();
        Deque<Long> shares = new ArrayDeque<>();
        long gross = 0;
        for (var execution : executions.reversed()) {
            for (long i = 0; i < execution.path("qty").asLong(); i++) {
                long price = execution.path("price").asLong();
                if (execution.path("side").asString().equals("BUY")) {
                    shares.add(price);
                } else {
                    gross += price - shares.remove();
                }
            }
        }
        return gross;
    }

    @Test
    void sales_realise_what_the_executions_say_by_day_symbol_and_strategy() {
        trade(SAMSUNG, "BUY", 5, "a");
        trade(SAMSUNG, "BUY", 5, "b");
        trade("000660", "BUY", 2, "b");
        gateway.jump(Duration.ofDays(1));
        gateway.awaitReady();
        trade(SAMSUNG, "SELL", 7, "a");

        JsonNode days = pnl("");
        long gross = grossOf(SAMSUNG);
        JsonNode second = row(days, "day", "2026-11-20");
        assertThat(second.path("gross").asLong()).isEqualTo(gross);
        assertThat(second.path("sold_qty").asLong()).isEqualTo(7);
        assertThat(row(days, "day", "2026-11-19").path("bought_qty").asLong()).isEqualTo(12);
        JsonNode total = days.path("totals").path(0);
        assertThat(total.path("gross").asLong()).isEqualTo(gross);
        assertThat(total.path("net").decimalValue())
                .isEqualTo(total.path("gross")
                        .decimalValue()
                        .subtract(total.path("commission").decimalValue())
                        .subtract(total.path("tax").decimalValue()));
        // 0.05 % and 0.15 % of a sale on KOSPI in 2026, each fill truncated.
        assertThat(total.path("tax").decimalValue())
                .isBetween(
                        total.path("sold_amount")
                                .decimalValue()
                                .multiply(new BigDecimal("0.002"))
                                .subtract(BigDecimal.TEN),
                        total.path("sold_amount").decimalValue().multiply(new BigDecimal("0.002")));
        assertThat(days.path("complete").asBoolean()).as(days.toString()).isTrue();
        assertThat(days.path("since").asString()).isEqualTo("2026-11-19");

        JsonNode held = days.path("unrealised")
                .valueStream()
                .filter(it -> it.path("symbol").asString().equals(SAMSUNG))
                .findFirst()
                .orElseThrow();
        assertThat(held.path("qty").asLong())
                .isEqualTo(3)
                .isEqualTo(held.path("broker_qty").asLong());
        assertThat(held.path("value").asLong()).isEqualTo(3 * held.path("price").asLong());
        assertThat(held.path("pnl").asLong())
                .isEqualTo(held.path("value").asLong() - held.path("cost").asLong());

        assertThat(row(pnl("&group_by=symbol"), "symbol", SAMSUNG).path("gross").asLong())
                .isEqualTo(gross);
        JsonNode strategies = pnl("&group_by=STRATEGY");
        assertThat(row(strategies, "strategy_id", "a").path("uncovered_qty").asLong())
                .as("it sold two shares of the other strategy")
                .isEqualTo(2);
        assertThat(strategies.path("missing").toString()).contains("UNCOVERED_SALES");
        assertThat(row(strategies, "strategy_id", "b").path("sold_qty").asLong())
                .isZero();
        assertThat(pnl("&method=average")
                        .path("totals")
                        .path(0)
                        .path("sold_qty")
                        .asLong())
                .isEqualTo(7);

        JsonNode first = pnl("&to=2026-11-19");
        assertThat(first.path("unrealised").isNull()).isTrue();
        assertThat(first.path("totals").path(0).path("sold_qty").asLong()).isZero();
        JsonNode later = pnl("&from=2026-11-20&symbol=" + SAMSUNG);
        assertThat(later.path("totals").path(0).path("bought_qty").asLong()).isZero();
        assertThat(later.path("totals").path(0).path("gross").asLong()).isEqualTo(gross);
    }

    @Test
    void shares_that_the_journal_does_not_know_are_reported_and_counted_as_no_profit() {
        trade(SAMSUNG, "BUY", 4, "a");
        gateway.jump(Duration.ofDays(1));
        gateway.awaitReady();
        gateway.close();
        startGateway("second");
        trade(SAMSUNG, "BUY", 1, "a");
        JsonNode before = pnl("");
        assertThat(before.path("missing").toString()).as(before.toString()).contains("POSITION_DIFFERS");
        assertThat(before.path("complete").asBoolean()).isFalse();
        assertThat(before.path("unrealised").path(0).path("broker_qty").asLong())
                .isEqualTo(5);
        trade(SAMSUNG, "SELL", 3, "a");
        JsonNode total = pnl("").path("totals").path(0);
        assertThat(total.path("sold_qty").asLong()).isEqualTo(3);
        assertThat(total.path("uncovered_qty").asLong()).isEqualTo(2);
    }

    @Test
    void shares_that_are_held_of_a_stock_whose_fills_leave_none_are_reported() {
        trade(SAMSUNG, "BUY", 4, "a");
        gateway.jump(Duration.ofDays(1));
        gateway.awaitReady();
        gateway.close();
        startGateway("second");
        trade(SAMSUNG, "BUY", 1, "a");
        trade(SAMSUNG, "SELL", 1, "a");
        JsonNode report = pnl("");
        assertThat(report.path("unrealised").size()).isZero();
        assertThat(report.path("missing").toString())
                .as("the share sold first was one of those bought before")
                .contains("POSITION_DIFFERS");
        assertThat(report.path("complete").asBoolean()).isFalse();
        assertThat(pnl("&to=2026-11-19").path("complete").asBoolean())
                .as("of past days nothing is compared")
                .isTrue();
    }

    @Test
    void unusable_values_are_refused_by_name() {
        for (var query :
                List.of("from=x", "to=20261120", "method=LIFO", "group_by=week", "symbol=nothing", "other=1")) {
            var answer = gateway.get(PNL + "&" + query);
            assertThat(answer.statusCode()).as("%s: %s", query, answer.body()).isEqualTo(400);
            assertThat(answer.body()).as(query).contains(query.substring(0, query.indexOf('=')));
        }
        assertThat(gateway.get("/v1/pnl").statusCode()).isEqualTo(400);
        assertThat(gateway.get("/v1/pnl?account_id=B9").statusCode()).isEqualTo(404);
        assertThat(gateway.get(PNL + "&from=" + LocalDate.of(2026, 11, 21) + "&to=2026-11-20")
                        .statusCode())
                .isEqualTo(400);
    }
}
