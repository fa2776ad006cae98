package kr.kisgateway.acceptance;

import static kr.kisgateway.acceptance.TradingFixture.status;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A forbidden order is refused with its own code before anything is journaled or sent. */
@Requirement("G-15")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("slow")
class RiskLimitsTest {
    private static final String LIMITS = "/v1/risk/limits";
    private static final String SYMBOL = "005930";
    private static final String WIDE =
            "\"daily_orders\":10000,\"max_qty\":10000,\"max_notional\":1000000000,\"check_cash\":false";

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
        limits("{\"gateway\":{" + WIDE + "}}");
    }

    /** Sets these limits alone: every other limit in force is named with null. */
    private static Answer limits(String layers) {
        var requested = (ObjectNode) new JsonMapper().readTree(layers);
        JsonNode now = trading.get(LIMITS).body();
        for (var kind : List.of("gateway", "accounts", "strategies", "keys")) {
            clearUnnamed(requested, kind, now.path(kind));
        }
        return trading.operate("PUT", LIMITS, requested.toString());
    }

    private static void clearUnnamed(ObjectNode requested, String kind, JsonNode inForce) {
        if (requested.get(kind) instanceof ObjectNode named) {
            inForce.forEachEntry((name, _) -> {
                if (!named.has(name)) {
                    named.putNull(name);
                }
            });
        } else {
            requested.putNull(kind);
        }
    }

    /** Sets the gateway's limits, wide except for {@code more}. */
    private static void limitOnly(String more) {
        var others = Stream.of(WIDE.split(","))
                .filter(limit -> !more.contains(limit.substring(0, limit.indexOf(':'))))
                .toList();
        var answer = limits("{\"gateway\":{" + String.join(",", others) + "," + more + "}}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    /** Dry run and order give the same code, and neither leaves a trace. */
    private static Answer assertRefused(String code, String symbol, String side, long qty, Optional<Long> price) {
        long accepted = trading.metric("accepted");
        var verdict = trading.post("/v1/risk/check", Programs.order(symbol, side, qty, price));
        assertThat(verdict.status()).as(verdict.toString()).isEqualTo(200);
        assertThat(verdict.body().path("ok").booleanValue()).isFalse();
        assertThat(verdict.body().path("reason").asString()).isEqualTo(code);
        var answer = trading.place("refused-" + code, symbol, side, qty, price);
        assertThat(answer.code()).as(answer.toString()).isEqualTo(code);
        if (answer.body().has("details")) {
            assertThat(answer.body().path("details")).isEqualTo(verdict.body().path("details"));
        }
        assertThat(trading.metric("accepted")).isEqualTo(accepted);
        return answer;
    }

    private static void assertPasses(String symbol, String side, long qty, Optional<Long> price) {
        var verdict = trading.post("/v1/risk/check", Programs.order(symbol, side, qty, price));
        assertThat(verdict.body().path("ok").booleanValue())
                .as(verdict.toString())
                .isTrue();
    }

    private static Optional<Long> low() {
        return Optional.of(trading.low(SYMBOL));
    }

    /** Runs first, because the account must still be unknown. */
    @Test
    @Order(1)
    void account_data_never_received_counts_as_unsafe_and_earlier_data_is_shown_as_stale() {
        var price = low();
        trading.fault("{\"query_errors\":100000}");
        for (var path : List.of("/v1/positions?account_id=A1", "/v1/balances?account_id=A1")) {
            var unknown = trading.get(path);
            assertThat(unknown.status()).isEqualTo(503);
            assertThat(unknown.code()).isEqualTo("PORTFOLIO_PROVIDER_UNAVAILABLE");
        }
        for (var side : List.of("BUY", "SELL")) {
            var answer = trading.place("unknown-" + side, SYMBOL, side, 1, price);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
            assertThat(answer.code()).isEqualTo("POSITION_PROVIDER_UNAVAILABLE");
            assertThat(answer.body().path("retryable").booleanValue()).isTrue();
            assertThat(answer.body().path("details").path("unknown").asString())
                    .isEqualTo(side.equals("BUY") ? "cash" : "position");
        }

        trading.noFaults();
        var id = Eventually.await(
                "an order to be accepted again",
                Programs.SHORT_TIMEOUT,
                () -> trading.place("unknown-no-more", SYMBOL, "BUY", 1, Optional.empty()),
                Answer::ok);
        trading.await(TradingFixture.id(id), "FILLED");
        Eventually.await(
                "the position",
                Programs.SHORT_TIMEOUT,
                () -> trading.get("/v1/positions?account_id=A1").body(),
                all -> all.valueStream()
                        .anyMatch(p -> p.path("symbol").asString().equals(SYMBOL)
                                && p.path("state").asString().equals("KNOWN")));

        trading.fault("{\"query_errors\":100000}");
        for (var path : List.of("/v1/positions?account_id=A1", "/v1/balances?account_id=A1")) {
            var stale = Eventually.await(
                    "a stale answer",
                    Programs.SHORT_TIMEOUT,
                    () -> trading.get(path),
                    a -> a.header("X-Data-State").filter("STALE"::equals).isPresent());
            assertThat(stale.status()).isEqualTo(200);
            assertThat(stale.body().path(0).path("state").asString()).isEqualTo("STALE");
            assertThat(stale.body().path(0).path("age_ms").longValue()).isPositive();
        }
        assertPasses(SYMBOL, "SELL", 1, price); // a recently cached answer is still good enough for the evaluation
        trading.noFaults();
        Eventually.await(
                "a fresh answer",
                Programs.SHORT_TIMEOUT,
                () -> trading.get("/v1/positions?account_id=A1"),
                a -> a.header("X-Data-State").filter("KNOWN"::equals).isPresent());
    }

    @Test
    @Order(2)
    @Requirement(value = "G-15", clause = "quantity")
    @Requirement(value = "G-15", clause = "notional")
    void each_limit_has_its_code_and_an_order_at_the_limit_passes() {
        var price = low();
        limitOnly("\"max_qty\":5");
        var answer = assertRefused("MAX_QTY_EXCEEDED", SYMBOL, "BUY", 6, price);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("details").path("limit").longValue()).isEqualTo(5);
        assertPasses(SYMBOL, "BUY", 5, price);

        limitOnly("\"max_notional\":" + 3 * price.orElseThrow());
        assertRefused("NOTIONAL_LIMIT_EXCEEDED", SYMBOL, "BUY", 4, price);
        assertRefused("NOTIONAL_LIMIT_EXCEEDED", SYMBOL, "BUY", 3, Optional.empty()); // at its upper limit price
        assertPasses(SYMBOL, "BUY", 3, price);

        limitOnly("\"deny\":[\"" + SYMBOL + "\"]");
        assertRefused("SYMBOL_RESTRICTED", SYMBOL, "BUY", 1, price);
        limitOnly("\"allow\":[\"000660\"]");
        assertRefused("SYMBOL_RESTRICTED", SYMBOL, "BUY", 1, price);
        assertPasses("000660", "BUY", 1, Optional.of(trading.low("000660")));

        limitOnly("\"collar_pct\":1.5");
        assertRefused("PRICE_COLLAR", SYMBOL, "BUY", 1, Optional.of(above(103)));
        assertPasses(SYMBOL, "BUY", 1, price);

        limitOnly("\"sell_max_qty\":2");
        assertRefused("MAX_QTY_EXCEEDED", SYMBOL, "SELL", 3, price);

        limitOnly("\"check_cash\":true");
        assertThat(assertRefused("INVALID_TICK_SIZE", SYMBOL, "BUY", 1, price.map(p -> p + 1))
                        .body()
                        .path("details")
                        .path("nearest"))
                .hasSize(2);
        assertRefused("PRICE_OUT_OF_LIMITS", SYMBOL, "BUY", 1, Optional.of(above(135)));
        assertRefused("SYMBOL_NOT_FOUND", "ZZZZZZ", "BUY", 1, Optional.of(1_000L));
        assertRefused("INSUFFICIENT_POSITION_QTY", "000270", "SELL", 1, Optional.empty());
    }

    private static long above(long percent) {
        return trading.price(SYMBOL) * percent / 100 / 1000 * 1000;
    }

    @Test
    @Order(3)
    void open_orders_count_toward_limits() {
        var symbol = "035720";
        long price = trading.low(symbol);
        var id = trading.resting("ties", symbol, 3);
        limitOnly("\"max_position\":5");
        assertRefused("POSITION_LIMIT_EXCEEDED", symbol, "BUY", 3, Optional.of(price));
        assertPasses(symbol, "BUY", 2, Optional.of(price));
        limitOnly("\"max_position_value\":" + 5 * price);
        assertRefused("POSITION_LIMIT_EXCEEDED", symbol, "BUY", 3, Optional.of(price));
        assertPasses(symbol, "BUY", 2, Optional.of(price));
        limitOnly("\"refuse_self_cross\":true,\"check_cash\":false");
        assertPasses(symbol, "BUY", 1, Optional.of(price));

        // Some of the shares are being sold: they cannot be sold twice.
        var bought = trading.placed("held", symbol, "BUY", 2, Optional.empty());
        trading.await(bought, "FILLED");
        assertRefused("SELF_CROSS", symbol, "SELL", 1, Optional.of(price));
        assertRefused("SELF_CROSS", symbol, "SELL", 1, Optional.empty());
        limitOnly("\"check_cash\":true");
        long high = trading.price(symbol) * 120 / 100 / 1000 * 1000;
        var selling = trading.placed("selling", symbol, "SELL", 2, Optional.of(high));
        trading.await(selling, "SENT");
        assertRefused("INSUFFICIENT_POSITION_QTY", symbol, "SELL", 1, Optional.of(high));
        trading.cancel(selling);
        trading.await(selling, "CANCELED");
        Eventually.await(
                "the shares to be released",
                Programs.SHORT_TIMEOUT,
                () -> trading.post("/v1/risk/check", Programs.order(symbol, "SELL", 2, Optional.of(high))),
                a -> a.body().path("ok").booleanValue());
        trading.cancel(id);
        trading.await(id, "CANCELED");
    }

    @Test
    @Order(4)
    @Requirement(value = "A-19", clause = "cash")
    void cash_reserved_by_earlier_orders_is_not_spent_twice() {
        var symbol = "000660";
        long price = trading.low(symbol);
        long cash = trading.get("/v1/balances?account_id=A1")
                .body()
                .path(0)
                .path("cash_available")
                .longValue();
        limits("{\"gateway\":{\"daily_orders\":null,\"max_qty\":null,\"max_notional\":null,\"check_cash\":true}}");
        long affordableQty = cash / price - 1;
        assertRefused("INSUFFICIENT_CASH", symbol, "BUY", affordableQty + 100, Optional.of(price));
        var id = trading.placed("half", symbol, "BUY", affordableQty / 2, Optional.of(price));
        assertRefused("INSUFFICIENT_CASH", symbol, "BUY", affordableQty / 2 + affordableQty / 10, Optional.of(price));
        trading.await(id, "SENT");
        assertRefused("INSUFFICIENT_CASH", symbol, "BUY", affordableQty / 2 + affordableQty / 10, Optional.of(price));
        trading.cancel(id);
        trading.await(id, "CANCELED");
        Eventually.await(
                "the cash to be released",
                Programs.SHORT_TIMEOUT,
                () -> trading.post(
                        "/v1/risk/check",
                        Programs.order(symbol, "BUY", affordableQty / 2 + affordableQty / 10, Optional.of(price))),
                a -> a.body().path("ok").booleanValue());
    }

    @Test
    @Order(5)
    void a_daily_loss_stops_buys_and_too_many_orders_a_second_receive_a_retry_time() {
        var symbol = "105560";
        trading.await(trading.placed("lossy", symbol, "BUY", 5, Optional.empty()), "FILLED");
        Eventually.await(
                "the account to be worth less than at the last close",
                Programs.SHORT_TIMEOUT,
                () -> trading.get("/v1/balances?account_id=A1").body().path(0).path("change_today"),
                change -> change.longValue() < 0);
        limitOnly("\"daily_loss\":1");
        assertRefused("DAILY_LOSS_LIMIT", symbol, "BUY", 1, Optional.of(trading.low(symbol)));
        assertPasses(symbol, "SELL", 1, Optional.of(trading.low(symbol)));

        limitOnly("\"orders_per_second\":1");
        long price = trading.low(symbol);
        var hit = Eventually.await(
                "two orders in one second",
                Programs.SHORT_TIMEOUT,
                () -> {
                    trading.place("quick-" + System.nanoTime(), symbol, "BUY", 1, Optional.of(price));
                    return trading.place("quick-" + System.nanoTime(), symbol, "BUY", 1, Optional.of(price));
                },
                a -> a.code().equals("ORDER_RATE_LIMIT"));
        assertThat(hit.status()).isEqualTo(429);
        assertThat(hit.body().path("retryable").booleanValue()).isTrue();
        assertThat(hit.body().path("retry_after_ms").longValue()).isBetween(1L, 1_000L);
        assertThat(hit.header("Retry-After")).isPresent();
        trading.operate("POST", "/v1/orders/cancel-all", "{\"symbol\":\"" + symbol + "\"}", "quick-away");
    }

    /** As a careful program: with the same key until there is an answer; a crowded port may close a new connection. */
    private static Answer postUntilAnswered(String body, String key) {
        for (var left = 3; ; left--) {
            try {
                return trading.gateway().client().post("/v1/orders", body, key);
            } catch (GatewayException e) {
                if (left == 0) throw e;
            }
        }
    }

    @Test
    @Order(6)
    @Requirement(value = "G-15", clause = "daily")
    void a_thousand_concurrent_orders_cannot_pass_a_daily_limit_of_ten() throws Exception {
        var symbol = "066570";
        long price = trading.low(symbol);
        limits("{\"gateway\":{" + WIDE + "},\"strategies\":{\"ten\":{\"daily_orders\":10}}}");
        var codes = new ArrayList<String>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = new ArrayList<Callable<Answer>>();
            for (var n = 1; n <= 1_000; n++) {
                var key = "ten-" + n;
                var body = TradingFixture.body(symbol, "BUY", n, Optional.of(price), "\"strategy_id\":\"ten\"");
                calls.add(() -> postUntilAnswered(body, key));
            }
            for (Future<Answer> call : callers.invokeAll(calls)) {
                var answer = call.get();
                codes.add(answer.ok() ? "ACCEPTED" : answer.code());
            }
        }
        assertThat(codes).filteredOn("ACCEPTED"::equals).hasSize(10);
        assertThat(codes).filteredOn(c -> !c.equals("ACCEPTED")).containsOnly("DAILY_LIMIT_EXCEEDED");
        Eventually.await(
                "the ten at the broker", Programs.SHORT_TIMEOUT, () -> trading.open(symbol), rows -> rows.size() == 10);

        // The limit survives a restart, does not count a modification, and other strategies have their own.
        trading.restart();
        var eleventh = trading.place("ten-again", symbol, "BUY", 1, Optional.of(price), "\"strategy_id\":\"ten\"");
        assertThat(eleventh.code()).isEqualTo("DAILY_LIMIT_EXCEEDED");
        assertThat(eleventh.body().path("details").path("used").intValue()).isEqualTo(10);
        var one = trading.get("/v1/orders?strategy_id=ten&status=SENT&limit=1")
                .body()
                .path("orders")
                .path(0)
                .path("order_id")
                .asString();
        assertThat(trading.modify(one, "{\"price\":" + (price - 1000) + "}").status())
                .isEqualTo(200);
        var other = trading.place("nine", symbol, "BUY", 1, Optional.of(price), "\"strategy_id\":\"nine\"");
        assertThat(other.status()).isEqualTo(200);
        trading.operate("POST", "/v1/orders/cancel-all", "{\"symbol\":\"" + symbol + "\"}", "ten-away");
    }

    @Test
    @Requirement(value = "G-18", clause = "rollback")
    @Requirement(value = "G-18", clause = "read-only")
    @Order(8)
    void operators_replace_limits_as_a_whole_and_they_survive_a_restart_until_the_settings_change() {
        assertThat(trading.call("PUT", LIMITS, Optional.of("{}"), java.util.Map.of())
                        .code())
                .isEqualTo("OPERATOR_TOKEN_REQUIRED");
        assertThat(trading.operate("PUT", LIMITS, "{\"gateway\":{\"max_qty\":1}}")
                        .code())
                .as("a replacement that omits a limit in force")
                .isEqualTo("MISSING_FIELD");
        assertThat(limits("{\"gateway\":{" + WIDE + "},\"strategies\":{\"s\":{\"max_qtty\":1}}}")
                        .code())
                .isEqualTo("UNKNOWN_FIELD");
        limits("{\"gateway\":{" + WIDE + "},\"accounts\":{\"A1\":{\"max_qty\":7}}}");
        var price = low();
        assertThat(assertRefused("MAX_QTY_EXCEEDED", SYMBOL, "BUY", 8, price)
                        .body()
                        .path("details")
                        .path("layer")
                        .asString())
                .contains("A1");

        trading.restart();
        assertThat(trading.get(LIMITS)
                        .body()
                        .path("accounts")
                        .path("A1")
                        .path("max_qty")
                        .intValue())
                .isEqualTo(7);
        assertRefused("MAX_QTY_EXCEEDED", SYMBOL, "BUY", 8, price);

        var resting = trading.resting("read-only", SYMBOL, 1);
        trading.restart("RISK_MAX_QTY=3", "GATEWAY_READ_ONLY=true");
        assertThat(trading.get(LIMITS).body().path("accounts").has("A1")).isFalse();
        assertThat(trading.get(LIMITS).body().path("guards").path("read_only").booleanValue())
                .isTrue();
        assertRefused("READ_ONLY", SYMBOL, "BUY", 1, price);
        // Its own price, not the earlier one: the market has moved since.
        long other = trading.order(resting).path("price").longValue() - 1000;
        assertThat(trading.modify(resting, "{\"price\":" + other + "}").code()).isEqualTo("READ_ONLY");
        trading.cancel(resting);
        trading.await(resting, "CANCELED");

        trading.restart("RISK_MAX_QTY=3", "SIMULATOR_CLOCK=real");
        assertRefused("MAX_QTY_EXCEEDED", SYMBOL, "BUY", 4, price);
        var market = trading.get("/v1/session/status").body().path("market").asString();
        if (Set.of("PRE_OPEN_AUCTION", "REGULAR", "CLOSING_AUCTION").contains(market)) {
            assertPasses(SYMBOL, "BUY", 1, price);
        } else {
            assertRefused("OUT_OF_TRADING_WINDOW", SYMBOL, "BUY", 1, price);
        }
    }

    @Test
    @Order(7)
    @Requirement(value = "G-18", clause = "dry-run")
    void a_dry_run_is_evaluated_like_an_order_and_places_nothing() {
        var price = low();
        long accepted = trading.metric("accepted");
        var passed = trading.post("/v1/orders", TradingFixture.body(SYMBOL, "BUY", 2, price, "\"dry_run\":true"));
        assertThat(passed.status()).as(passed.toString()).isEqualTo(200);
        assertThat(passed.body().path("status").asString()).isEqualTo("DRY_RUN");
        var failed = trading.post("/v1/orders", TradingFixture.body(SYMBOL, "BUY", 10_001, price, "\"dry_run\":true"));
        assertThat(failed.code()).isEqualTo("MAX_QTY_EXCEEDED");
        assertThat(trading.metric("accepted")).isEqualTo(accepted);
        var key = trading.place("dry", SYMBOL, "BUY", 2, price, "\"dry_run\":true");
        assertThat(key.body().path("status").asString()).isEqualTo("DRY_RUN");
        var real = trading.place("dry", SYMBOL, "BUY", 2, price);
        assertThat(real.body().path("status").asString())
                .as("the key was not used up")
                .isEqualTo("ACCEPTED");
        var id = TradingFixture.id(real);
        trading.cancel(id);
        trading.await(id, "CANCELED");
        assertThat(status(trading.order(id))).isEqualTo("CANCELED");
    }
}
