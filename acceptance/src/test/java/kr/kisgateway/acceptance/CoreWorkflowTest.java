package kr.kisgateway.acceptance;

import static kr.kisgateway.acceptance.Programs.SHORT_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.LocalProgram;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The core workflow of a fresh clone: ticks arrive, quotes are answered, an order is accepted, filled and published. One
 * gateway with its embedded simulator and no settings but free ports serves all tests.
 */
class CoreWorkflowTest {
    /** Every key of the old system's call, and only those besides what the contract adds. */
    private static final List<String> QUOTE_METRICS = List.of(
            "cached_symbols",
            "ws_messages",
            "upserts",
            "stale_symbols",
            "rest_fallbacks",
            "ws_connected",
            "ws_heartbeat_fresh",
            "last_ws_message_ts",
            "last_ws_heartbeat_ts",
            "ws_last_error",
            "ws_reconnect_count",
            "fallback_triggered",
            "rest_filled_count",
            "ws_count",
            "batch_target_count",
            "batch_final_count",
            "batch_market_open",
            "batch_failed_symbols",
            "batch_missing_count");

    private static final List<String> ORDER_METRICS = List.of(
            "queue_depth",
            "accepted",
            "deduplicated",
            "processed",
            "sent",
            "rejected",
            "filled",
            "retried",
            "retry_exhausted",
            "terminal",
            "unknown",
            "canceled",
            "modified",
            "in_doubt",
            "resolved",
            "late_acceptances",
            "adopted",
            "alerts",
            "reconciliation");

    @TempDir
    static Path folder;

    private static Running gateway;
    private static GatewayClient simulator;
    private static OpenApi contract;

    @BeforeAll
    static void start() {
        gateway = Running.start(Programs.gateway(folder));
        simulator = GatewayClient.onPort(gateway.program().simulatorPort());
        contract = new OpenApi(gateway.get("/openapi.json"));
    }

    @AfterAll
    static void stop() {
        simulator.close();
        gateway.close();
    }

    @Test
    @Requirement(value = "G-01", clause = "status")
    @Requirement("G-19")
    void the_status_reports_that_this_process_owns_the_session() {
        var status = gateway.get("/v1/session/status");
        assertThat(contract.violations("SessionStatus", status)).isEmpty();
        assertThat(status.path("mode").asString()).isEqualTo("sim");
        assertThat(status.path("state").asString()).isEqualTo("ACTIVE");
        assertThat(status.path("source").asString()).isEqualTo("kis-ws");
        assertThat(status.path("owner").asString())
                .endsWith(String.valueOf(gateway.program().pid()));
        assertThat(status.path("app_keys")).hasSize(1);
        assertThat(status.path("app_keys").path(0).path("registrations_max").intValue())
                .isEqualTo(41);
    }

    @Test
    @Requirement(value = "P-05", clause = "mock")
    @Requirement(value = "G-05", clause = "sim")
    @Requirement("G-19")
    @Requirement(value = "G-10", clause = "sim")
    void sim_trades_without_credentials() {
        var readiness = gateway.get("/v1/session/live-readiness");
        assertThat(contract.violations("LiveReadiness", readiness)).isEmpty();
        assertThat(readiness.path("can_trade").booleanValue()).isTrue();
        assertThat(readiness.path("required_env_missing")).isEmpty();
        assertThat(readiness.path("blocker_reasons")).isEmpty();
        assertThat(contract.violations("Ready", gateway.get("/health/ready"))).isEmpty();
        assertThat(contract.violations("Live", gateway.get("/health/live"))).isEmpty();
    }

    @Test
    @Requirement("G-02")
    @Requirement(value = "G-07", clause = "stale")
    void a_quote_of_an_unsubscribed_symbol_comes_from_rest_and_registers_nothing() {
        // The gateway's own registrations: the status of the symbol that the settings name comes last.
        Eventually.await(
                "the status",
                SHORT_TIMEOUT,
                () -> gateway.get("/v1/session/pool").at("/slots/statuses").asLong(0),
                statuses -> statuses >= 1);
        var before = registrations();
        var quote = gateway.get("/v1/quotes/000660");
        assertThat(contract.violations("Quote", quote)).isEmpty();
        assertThat(quote.path("source").asString()).isEqualTo("kis-rest");
        assertThat(quote.path("state").asString()).isEqualTo("HEALTHY");
        assertThat(quote.path("name").asString()).isEqualTo("SK하이닉스");
        assertThat(quote.path("bid").isNull()).isTrue();
        assertThat(registrations()).isEqualTo(before);
    }

    @Test
    @Requirement(value = "G-06", clause = "start")
    @Requirement(value = "G-02", clause = "cache")
    @Requirement(value = "G-05", clause = "symbols")
    @Requirement("G-19")
    void a_quote_of_the_default_symbol_is_pushed_after_the_first_tick() {
        var quote = gateway.await(
                "/v1/quotes/005930",
                "a pushed quote",
                q -> q.path("source").asString().equals("kis-ws"));
        assertThat(contract.violations("Quote", quote)).isEmpty();
        assertThat(quote.path("price").longValue()).isPositive();
        assertThat(quote.path("ts").longValue()).isEqualTo(quote.path("ts_ms").longValue() / 1000);
        assertThat(quote.path("freshness_sec").doubleValue()).isNotNegative();
        assertThat(quote.path("state").asString()).isEqualTo("HEALTHY");
        assertThat(quote.path("session").asString()).isEqualTo("REGULAR");
    }

    @Test
    void a_request_for_several_quotes_returns_a_list_and_names_the_symbols_that_failed() {
        var all = gateway.get("/v1/quotes?symbols=005930,000660");
        assertThat(contract.itemViolations("Quote", all)).isEmpty();
        assertThat(all).hasSize(2);
        var some = gateway.get("/v1/quotes?symbols=005930,999999");
        assertThat(contract.violations("PartialQuotes", some)).isEmpty();
        assertThat(some.path("meta").path("missing_count").intValue()).isEqualTo(1);
        assertThat(some.path("meta").path("failed_symbols").path(0).asString()).isEqualTo("999999");
    }

    @Test
    @Requirement(value = "A-02", clause = "events")
    @Requirement(value = "A-07", clause = "fill")
    @Requirement(value = "G-16", clause = "lists")
    @Requirement("G-19")
    @Requirement(value = "A-19", clause = "single")
    @Requirement(value = "A-19", clause = "fill")
    @Requirement(value = "A-19", clause = "balance")
    void a_market_order_fills_and_appears_on_the_stream_in_the_order_the_positions_and_the_balance() {
        var symbol = "035420";
        try (var stream = gateway.stream()) {
            stream.send("{\"op\":\"subscribe\",\"channels\":[\"orders\",\"executions\"],\"id\":\"1\"}");
            stream.await("the ack", m -> m.path("id").asString("").equals("1"), SHORT_TIMEOUT);
            long cash = cash();
            var answer = gateway.place("main-buy", symbol, "BUY", 3, Optional.empty());
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            assertThat(contract.violations("OrderAccepted", answer.body())).isEmpty();
            var id = answer.body().path("order_id").asString();

            var order = gateway.awaitStatus(id, "FILLED");
            assertThat(contract.violations("Order", order)).isEmpty();
            assertThat(order.path("filled_qty").longValue()).isEqualTo(3);
            assertThat(order.path("fills")
                            .valueStream()
                            .mapToLong(f -> f.path("qty").longValue())
                            .sum())
                    .isEqualTo(3);
            long value = order.path("fills")
                    .valueStream()
                    .mapToLong(f -> f.path("value").longValue())
                    .sum();

            var executionIds = new ArrayList<String>();
            long executed = 0;
            while (executed < 3) {
                var execution = stream.await(
                        "the execution",
                        m -> m.path("ch").asString("").equals("executions")
                                && m.path("order_id").asString("").equals(id),
                        SHORT_TIMEOUT);
                assertThat(contract.violations("StreamExecution", execution)).isEmpty();
                executed += execution.path("qty").longValue();
                executionIds.add(execution.path("exec_id").asString());
            }
            assertThat(order.path("fills")
                            .valueStream()
                            .map(f -> f.path("exec_id").asString()))
                    .containsExactlyElementsOf(executionIds);
            stream.await(
                    "the filled order",
                    m -> m.path("ch").asString("").equals("orders")
                            && m.path("order_id").asString("").equals(id)
                            && m.path("status").asString("").equals("FILLED"),
                    SHORT_TIMEOUT);

            var state = gateway.get("/v1/orders/" + id + "/state");
            assertThat(contract.violations("OrderState", state)).isEmpty();
            assertThat(state.path("terminal").booleanValue()).isTrue();
            var events = gateway.get("/v1/orders/" + id + "/events");
            assertThat(contract.itemViolations("OrderEvent", events)).isEmpty();
            assertThat(types(events))
                    .startsWith("Accepted", "SendStarted")
                    .contains("BrokerAccepted")
                    .endsWith("Filled");

            var position = gateway.await(
                    "/v1/positions?account_id=A1",
                    "the position",
                    all -> find(all, symbol).isPresent());
            assertThat(contract.itemViolations("Position", position)).isEmpty();
            assertThat(find(position, symbol).orElseThrow().path("qty").longValue())
                    .isEqualTo(3);
            assertThat(find(position, symbol).orElseThrow().path("cost").longValue())
                    .isEqualTo(value);
            assertThat(contract.itemViolations("Balance", gateway.get("/v1/balances?account_id=A1")))
                    .isEmpty();
            long paid = cash - cash();
            // The value and a fee of some hundredths of a percent, and not a won more.
            assertThat(paid).isBetween(value, value + value / 1000);
        }
    }

    @Test
    @Requirement(value = "G-14", clause = "cancel")
    @Requirement(value = "G-14", clause = "terminal")
    void a_resting_limit_order_is_cancelled_and_cannot_be_cancelled_twice() {
        var id = gateway.placed("main-rest", "005930", "BUY", 2, Optional.of(restingPrice()));
        gateway.awaitStatus(id, "SENT");
        var cancel = gateway.client().post("/v1/orders/" + id + "/cancel", "{}");
        assertThat(cancel.status()).as(cancel.toString()).isEqualTo(200);
        assertThat(contract.violations("CancelAccepted", cancel.body())).isEmpty();
        assertThat(cancel.body().path("idempotency_key").asString()).isEqualTo("cancel:" + id);
        var order = gateway.awaitStatus(id, "CANCELED");
        assertThat(contract.violations("Order", order)).isEmpty();
        assertThat(order.path("filled_qty").longValue()).isZero();

        var secondCancel = gateway.client().post("/v1/orders/" + id + "/cancel", "{}");
        assertThat(secondCancel.status()).as(secondCancel.toString()).isEqualTo(409);
        assertThat(secondCancel.code()).isEqualTo("ORDER_ALREADY_TERMINAL");
        var other = gateway.client().post("/v1/orders/" + id + "/cancel", "{}", "another-key");
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.code()).isEqualTo("ORDER_ALREADY_TERMINAL");
        assertThat(contract.violations("ApiError", other.body())).isEmpty();
    }

    @Test
    @Requirement(value = "G-03", clause = "idempotency")
    void a_repeated_key_and_body_replays_the_first_answer_and_another_body_is_refused() {
        var price = Optional.of(restingPrice());
        var first = gateway.place("main-key", "005930", "BUY", 4, price);
        assertThat(first.header("Idempotent-Replay")).isEmpty();
        var second = gateway.place("main-key", "005930", "BUY", 4, price);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.header("Idempotent-Replay")).contains("true");
        assertThat(second.text()).isEqualTo(first.text());
        var other = gateway.place("main-key", "005930", "BUY", 5, price);
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.code()).isEqualTo("IDEMPOTENCY_KEY_BODY_MISMATCH");
        gateway.client().post("/v1/orders/" + first.body().path("order_id").asString() + "/cancel", "{}");
    }

    @Test
    @Requirement(value = "G-03", clause = "idempotency")
    void a_key_replays_even_after_the_dispatch_by_of_its_order_has_passed() {
        var by = java.time.OffsetDateTime.now(java.time.ZoneOffset.UTC).plusSeconds(5);
        var body = Programs.order("005930", "BUY", 6, Optional.of(restingPrice()))
                .replaceFirst("}$", ",\"dispatch_by\":\"" + by + "\"}");
        var first = gateway.client().post("/v1/orders", body, "main-dispatch");
        assertThat(first.status()).as(first.toString()).isEqualTo(200);
        Eventually.await(
                "the deadline to pass", SHORT_TIMEOUT, java.time.Instant::now, now -> now.isAfter(by.toInstant()));
        var second = gateway.client().post("/v1/orders", body, "main-dispatch");
        assertThat(second.status()).as(second.toString()).isEqualTo(200);
        assertThat(second.header("Idempotent-Replay")).contains("true");
        var late = gateway.client().post("/v1/orders", body, "main-dispatch-late");
        assertThat(late.code()).isEqualTo("INVALID_FIELD");
        gateway.client().post("/v1/orders/" + first.body().path("order_id").asString() + "/cancel", "{}");
    }

    @Test
    @Requirement(value = "G-15", clause = "sell")
    void shares_that_are_not_in_the_account_cannot_be_sold() {
        var answer = gateway.place("main-sell", "000270", "SELL", 1, Optional.empty());
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("INSUFFICIENT_POSITION_QTY");
    }

    @Test
    void orders_are_listed_newest_first_and_page_by_page_without_loss() {
        for (var i = 0; i < 5; i++) {
            var id = gateway.placed("main-list-" + i, "005930", "BUY", 10 + i, Optional.of(restingPrice()));
            gateway.client().post("/v1/orders/" + id + "/cancel", "{}");
        }
        var paged = new ArrayList<String>();
        var path = "/v1/orders?limit=2";
        for (var next = path; !next.isEmpty(); ) {
            var page = gateway.get(next);
            assertThat(contract.violations("OrderPage", page)).isEmpty();
            page.path("orders").forEach(o -> paged.add(o.path("order_id").asString()));
            next = page.path("next_cursor").isNull()
                    ? ""
                    : path + "&cursor=" + page.path("next_cursor").asString();
        }
        var unpaged = gateway.get("/v1/orders?limit=1000")
                .path("orders")
                .valueStream()
                .map(o -> o.path("order_id").asString())
                .toList();
        assertThat(paged).hasSizeGreaterThanOrEqualTo(5).isEqualTo(unpaged);
        assertThat(unpaged).isSortedAccordingTo(java.util.Comparator.reverseOrder());
    }

    @Test
    @Requirement(value = "G-04", clause = "quote")
    @Requirement("G-19")
    @Requirement(value = "G-04", clause = "order")
    void both_metrics_calls_return_the_keys_of_the_old_system() {
        var quote = gateway.get("/v1/metrics/quote");
        assertThat(contract.violations("QuoteMetrics", quote)).isEmpty();
        assertThat(quote.propertyNames()).containsAll(QUOTE_METRICS);
        assertThat(quote.path("ws_connected").booleanValue()).isTrue();
        assertThat(quote.path("ws_heartbeat_fresh").booleanValue()).isTrue();
        var order = gateway.get("/v1/metrics/order");
        assertThat(contract.violations("OrderMetrics", order)).isEmpty();
        assertThat(order.propertyNames()).containsExactlyInAnyOrderElementsOf(ORDER_METRICS);
        assertThat(order.path("reconciliation").propertyNames())
                .containsExactlyInAnyOrder("runs", "checked", "mismatched", "corrected");
    }

    @Test
    @Requirement(value = "G-04", clause = "order")
    void the_order_count_equals_the_number_of_orders_placed() {
        // A cancel of another test may still wait for its confirmation.
        gateway.await(
                "/v1/orders?status=CANCEL_PENDING",
                "no cancel is under way",
                answer -> answer.path("orders").isEmpty());
        var before = gateway.get("/v1/metrics/order");
        var price = Optional.of(restingPrice());
        var id = gateway.placed("main-count", "005930", "BUY", 7, price);
        gateway.place("main-count", "005930", "BUY", 7, price);
        gateway.awaitStatus(id, "SENT");
        gateway.client().post("/v1/orders/" + id + "/cancel", "{}");
        gateway.awaitStatus(id, "CANCELED");
        var after = gateway.get("/v1/metrics/order");
        assertThat(metricIncrease(before, after, "accepted")).isEqualTo(1);
        assertThat(metricIncrease(before, after, "deduplicated")).isEqualTo(1);
        assertThat(metricIncrease(before, after, "canceled")).isEqualTo(1);
    }

    @Test
    void the_contract_lists_every_call_of_this_version_and_no_other() {
        assertThat(gateway.get("/openapi.json").path("paths").propertyNames())
                .containsExactlyInAnyOrder(
                        "/v1/session/status",
                        "/v1/session/pool",
                        "/v1/cluster",
                        "/v1/session/gaps",
                        "/v1/ops/settings",
                        "/v1/ops/clients",
                        "/v1/ops/report",
                        "/v1/kis/apis",
                        "/v1/kis/apis/{name}",
                        "/v1/login",
                        "/v1/logout",
                        "/v1/simulator",
                        "/v1/watchlists",
                        "/v1/watchlists/{name}",
                        "/v1/session/live-readiness",
                        "/v1/session/reconnect",
                        "/v1/quotes/{symbol}",
                        "/v1/quotes",
                        "/v1/quotes/batch",
                        "/v1/instruments/{symbol}",
                        "/v1/instruments",
                        "/v1/orderbooks/{symbol}",
                        "/v1/orderbooks/{symbol}/best",
                        "/v1/market/status",
                        "/v1/rankings/{kind}",
                        "/v1/indices/{code}",
                        "/v1/indices",
                        "/v1/investors/{symbol}",
                        "/v1/etf/{symbol}/nav",
                        "/v1/bars/{symbol}",
                        "/v1/bars/batch",
                        "/v1/cache/warm",
                        "/v1/history/backfill",
                        "/v1/history/recordings",
                        "/v1/history/recordings/{id}",
                        "/v1/jobs",
                        "/v1/jobs/{id}",
                        "/v1/orders",
                        "/v1/orders/{id}",
                        "/v1/orders/{id}/state",
                        "/v1/orders/{id}/events",
                        "/v1/orders/{id}/cancel",
                        "/v1/orders/{id}/modify",
                        "/v1/orders/{id}/resolve",
                        "/v1/orders/batch",
                        "/v1/orders/preview",
                        "/v1/orders/cancel-all",
                        "/v1/orders/reconcile",
                        "/v1/parents",
                        "/v1/parents/{id}",
                        "/v1/parents/{id}/events",
                        "/v1/parents/{id}/modify",
                        "/v1/parents/{id}/release",
                        "/v1/parents/{id}/cancel",
                        "/v1/risk/check",
                        "/v1/risk/limits",
                        "/v1/risk/kill-switch",
                        "/v1/alerts",
                        "/v1/audit",
                        "/v1/keys",
                        "/v1/keys/{key}",
                        "/v1/keys/{key}/rotate",
                        "/v1/webhooks",
                        "/v1/webhooks/{name}",
                        "/v1/webhooks/{name}/test",
                        "/v1/webhooks/{name}/{secret}",
                        "/v1/face/clients",
                        "/v1/face/clients/{key}",
                        "/v1/accounts",
                        "/v1/executions",
                        "/v1/pnl",
                        "/v1/dividends",
                        "/v1/buying-power",
                        "/v1/balances",
                        "/v1/positions",
                        "/v1/metrics/quote",
                        "/v1/metrics/order",
                        "/v1/metrics/journal",
                        "/v1/metrics/history",
                        "/health/live",
                        "/health/ready",
                        "/metrics",
                        "/api/v3.0/orders",
                        "/api/v3.0/orders/batch",
                        "/api/v3.0/stream",
                        "/api/v3.0/tr/t0424",
                        "/api/v3.0/tr/t1101",
                        "/api/v3.0/tr/t1305",
                        "/api/v3.0/tr/t8412",
                        "/api/v3.1/orders",
                        "/api/v3.1/orders/batch",
                        "/api/v3.1/stream",
                        "/api/v3.1/tr/t0424",
                        "/api/v3.1/tr/t1101",
                        "/api/v3.1/tr/t1305",
                        "/api/v3.1/tr/t8412",
                        "/v1/alerts/ack",
                        "/v1/alerts/silences",
                        "/v1/alerts/silences/{id}",
                        "/v1/alerts/test",
                        "/v1/log/levels",
                        "/v1/ops/checklist",
                        "/v1/versions",
                        "/openapi.json",
                        "/v1/stream",
                        "/v1/events");
    }

    @Test
    @Requirement(value = "A-12", clause = "answers")
    void every_answer_carries_a_trace_id_and_preserves_an_incoming_one() {
        assertThat(gateway.client().get("/v1/session/status").header("X-Trace-Id"))
                .isPresent();
        var incomingTraceId = "0af7651916cd43dd8448eb211c80319c";
        var answer = gateway.client()
                .send(
                        "GET",
                        "/v1/nothing",
                        Optional.empty(),
                        java.util.Map.of("traceparent", "00-" + incomingTraceId + "-b7ad6b7169203331-01"));
        assertThat(answer.header("X-Trace-Id")).contains(incomingTraceId);
        assertThat(answer.body().path("trace_id").asString()).isEqualTo(incomingTraceId);
    }

    @Test
    void a_fill_before_the_send_answer_counts_once() {
        Programs.switchFaults(simulator, "{\"notices_first\":1}");
        var id = gateway.placed("main-first", "005930", "BUY", 1, Optional.empty());
        var order = gateway.awaitStatus(id, "FILLED");
        assertThat(order.path("fills")).hasSize(1);
    }

    @Test
    @Requirement(value = "A-10", clause = "orders")
    void an_order_whose_answer_is_lost_is_found_at_the_broker_and_never_sent_twice() {
        Programs.switchFaults(simulator, "{\"lose_answers\":1}");
        var price = restingPrice();
        var id = gateway.placed("main-lost", "005930", "BUY", 9, Optional.of(price));
        var order = gateway.awaitStatus(id, "SENT");
        assertThat(types(gateway.get("/v1/orders/" + id + "/events"))).contains("SendInDoubt");
        assertThat(order.path("kis_order_no").isNull()).isFalse();
        var received = simulator.get("/simulator/state").body().path("orders_received");
        assertThat(received.propertyStream()
                        .filter(e -> e.getKey().contains(" 005930 BUY 9 " + price + " "))
                        .map(e -> e.getValue().intValue()))
                .containsExactly(1);
        gateway.client().post("/v1/orders/" + id + "/cancel", "{}");
        gateway.awaitStatus(id, "CANCELED");
    }

    @Test
    @Requirement(value = "G-01", clause = "folder")
    void a_second_gateway_on_the_same_folder_is_refused_and_the_first_keeps_running() {
        try (var second = LocalProgram.startWithoutWaiting(Programs.gateway(folder))) {
            assertThat(second.awaitExit(Programs.START_TIMEOUT)).hasValue(2);
            assertThat(second.output())
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line).matches("Another gateway \\(process \\d+\\) uses the data folder .*"));
        }
        assertThat(gateway.client().get("/health/ready").ok()).isTrue();
    }

    private static long registrations() {
        return gateway.get("/v1/session/status")
                .path("app_keys")
                .path(0)
                .path("registrations")
                .longValue();
    }

    private static long cash() {
        return gateway.get("/v1/balances?account_id=A1")
                .path(0)
                .path("deposit_in_two_days")
                .longValue();
    }

    /** Far enough below the market that there is no offer, and on tick at any price level. */
    private static long restingPrice() {
        return gateway.get("/v1/quotes/005930").path("price").longValue() * 80 / 100 / 1000 * 1000;
    }

    private static List<String> types(JsonNode events) {
        return events.valueStream().map(e -> e.path("type").asString()).toList();
    }

    private static Optional<JsonNode> find(JsonNode positions, String symbol) {
        return positions
                .valueStream()
                .filter(p -> p.path("symbol").asString().equals(symbol))
                .findFirst();
    }

    private static long metricIncrease(JsonNode before, JsonNode after, String name) {
        return after.path(name).longValue() - before.path(name).longValue();
    }
}
