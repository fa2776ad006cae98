package kr.kisgateway.gateway.trace;

/** The spans of a trace below its request. */
public enum SpanName {
    /** Wait for the thread of the order desk. */
    ORDER_QUEUE("order.queue", SpanKind.INTERNAL),
    /** The commit that makes events durable; one for all of its group. */
    JOURNAL_COMMIT("journal.commit", SpanKind.INTERNAL),
    /** Wait for a slot of the call budget. */
    BUDGET_WAIT("budget.wait", SpanKind.INTERNAL),
    /** A call to KIS's REST servers; each retry is one. */
    KIS_CALL("kis.call", SpanKind.CLIENT),
    /** An execution notice of KIS, from its receipt to its publication. */
    EXECUTION_NOTICE("execution.notice", SpanKind.INTERNAL),
    /** What KIS's list of the day's orders changed of an order, from its receipt. */
    EXECUTION_LIST("execution.list", SpanKind.INTERNAL),
    /** A change of an order is handed to the stream. */
    STREAM_PUBLISH("stream.publish", SpanKind.INTERNAL),
    /** A request that no cached value answers: one call for all simultaneous callers. */
    CACHE_FETCH("cache.fetch", SpanKind.INTERNAL);

    private final String wireName;
    private final SpanKind kind;

    SpanName(String wireName, SpanKind kind) {
        this.wireName = wireName;
        this.kind = kind;
    }

    /** Where its work is done. */
    public SpanKind kind() {
        return kind;
    }

    /** The name in a collector. */
    public String wireName() {
        return wireName;
    }
}
