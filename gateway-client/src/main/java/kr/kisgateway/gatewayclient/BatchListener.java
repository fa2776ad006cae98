package kr.kisgateway.gatewayclient;

import tools.jackson.databind.JsonNode;

/** Hears a batch as it comes, on the thread that asked for it. */
public interface BatchListener {
    /** How many symbols lie between two calls of {@link #milestone}. */
    int MILESTONE = 100;

    /**
     * Before anything else.
     *
     * @param expected {@code symbols}, {@code at_hand}, {@code calls} to KIS and the {@code seconds} that they take at least
     */
    default void begins(JsonNode expected) {}

    /** What is known of a symbol, as {@code GET /v1/quotes/{symbol}} or {@code /v1/bars/{symbol}} tells it. */
    default void succeeded(String symbol, JsonNode value) {}

    /** @param refusal {@code code}, {@code message} and {@code retryable} */
    default void failed(String symbol, JsonNode refusal) {}

    /** {@code symbol} has its answer or its refusal, and {@code completed} of {@code total} have. */
    default void completed(int completed, int total, String symbol) {}

    /** Another {@value #MILESTONE} symbols have theirs, or all. */
    default void milestone(int completed, int total) {}
}
