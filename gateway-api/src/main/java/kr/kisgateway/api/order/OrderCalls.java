package kr.kisgateway.api.order;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.call.ApiCall.Method;
import tools.jackson.core.type.TypeReference;

/** The calls about orders. */
public final class OrderCalls {
    private OrderCalls() {}

    /**
     * Which orders to list; an empty field does not narrow the list.
     *
     * @param status {@code open} or statuses with commas between
     * @param date trading day, as 2026-11-20
     * @param limit at most 1,000; without one 100
     * @param cursor {@code next_cursor} of the page before
     */
    public record Query(
            Optional<String> accountId,
            Optional<String> status,
            Optional<String> symbol,
            Optional<String> strategyId,
            Optional<String> date,
            OptionalInt limit,
            Optional<String> cursor) {}

    /**
     * Which executions to list; an empty field does not narrow the list.
     *
     * @param date trading day, as 2026-11-20; not together with {@code from} and {@code to}
     * @param from first trading day
     * @param to last trading day
     * @param limit at most 1,000; without one 100
     * @param cursor {@code next_cursor} of the page before
     */
    public record ExecutionQuery(
            Optional<String> accountId,
            Optional<String> date,
            Optional<String> from,
            Optional<String> to,
            Optional<String> symbol,
            Optional<String> strategyId,
            Optional<String> orderId,
            Optional<String> side,
            OptionalInt limit,
            Optional<String> cursor) {}

    /** Places an order, or only evaluates it if it is a dry run. */
    public static ApiCall<PlaceAnswer> place(OrderRequest order, String idempotencyKey) {
        return ApiCall.of(Method.POST, "/v1/orders", order, PlaceAnswer.class).withKey(idempotencyKey);
    }

    /** What placing an order would be answered, cost and use; nothing is placed or recorded. */
    public static ApiCall<OrderPreview> preview(OrderRequest order) {
        return ApiCall.of(Method.POST, "/v1/orders/preview", order, OrderPreview.class);
    }

    /** The same for an order that is scheduled: when it would be placed, and the market's hours then. */
    public static ApiCall<OrderPreview> previewScheduled(
            OrderRequest order, OffsetDateTime at, Optional<OffsetDateTime> until) {
        String path = new ApiCall.Path("/v1/orders/preview")
                .with("at", at.toString())
                .with("until", until)
                .toString();
        return ApiCall.of(Method.POST, path, order, OrderPreview.class);
    }

    /** Places up to 100 orders of one account, which become durable in one commit. */
    public static ApiCall<BatchAnswer> placeAll(BatchRequest orders) {
        return ApiCall.of(Method.POST, "/v1/orders/batch", orders, BatchAnswer.class);
    }

    /** One page of orders, newest first. */
    public static ApiCall<OrderPage> orders(Query query) {
        return ApiCall.get(
                new ApiCall.Path("/v1/orders")
                        .with("status", query.status())
                        .with("symbol", query.symbol())
                        .with("strategy_id", query.strategyId())
                        .with("account_id", query.accountId())
                        .with("date", query.date())
                        .with("limit", query.limit())
                        .with("cursor", query.cursor())
                        .toString(),
                OrderPage.class);
    }

    /** One page of executions, the last recorded first. */
    public static ApiCall<ExecutionPage> executions(ExecutionQuery query) {
        return ApiCall.get(
                new ApiCall.Path("/v1/executions")
                        .with("account_id", query.accountId())
                        .with("date", query.date())
                        .with("from", query.from())
                        .with("to", query.to())
                        .with("symbol", query.symbol())
                        .with("strategy_id", query.strategyId())
                        .with("order_id", query.orderId())
                        .with("side", query.side())
                        .with("limit", query.limit())
                        .with("cursor", query.cursor())
                        .toString(),
                ExecutionPage.class);
    }

    /** One order with its fills. */
    public static ApiCall<Order> order(String id) {
        return ApiCall.get(path(id), Order.class);
    }

    /** Where one order stands. */
    public static ApiCall<OrderState> state(String id) {
        return ApiCall.get(path(id) + "/state", OrderState.class);
    }

    /** The journal's events of one order, oldest first. */
    public static ApiCall<List<OrderEvent>> events(String id) {
        return ApiCall.get(path(id) + "/events", new TypeReference<List<OrderEvent>>() {});
    }

    /** Cancels the open quantity of an order. */
    public static ApiCall<CancelAccepted> cancel(String id) {
        return ApiCall.of(Method.POST, path(id) + "/cancel", CancelAccepted.class);
    }

    /** Changes the quantity or price of an order. */
    public static ApiCall<ModifyAccepted> modify(String id, ModifyRequest terms) {
        return ApiCall.of(Method.POST, path(id) + "/modify", terms, ModifyAccepted.class);
    }

    /** Decides what happened to an order in doubt (operator). */
    public static ApiCall<Resolved> resolve(String id, ResolveRequest decision) {
        return ApiCall.of(Method.POST, path(id) + "/resolve", decision, Resolved.class);
    }

    /** Cancels every open order that matches. */
    public static ApiCall<CancelAllAnswer> cancelAll(CancelAllRequest orders, String idempotencyKey) {
        return ApiCall.of(Method.POST, "/v1/orders/cancel-all", orders, CancelAllAnswer.class)
                .withKey(idempotencyKey);
    }

    /** Compares all orders with the broker's list now (operator). */
    public static ApiCall<ReconcileReport> reconcile() {
        return ApiCall.of(Method.POST, "/v1/orders/reconcile", ReconcileReport.class);
    }

    /** Metrics of orders. */
    public static ApiCall<OrderMetrics> metrics() {
        return ApiCall.get("/v1/metrics/order", OrderMetrics.class);
    }

    /** Disk space that the journal uses and has left. */
    public static ApiCall<JournalMetrics> journalMetrics() {
        return ApiCall.get("/v1/metrics/journal", JournalMetrics.class);
    }

    private static String path(String id) {
        return "/v1/orders/" + ApiCall.encode(id);
    }
}
