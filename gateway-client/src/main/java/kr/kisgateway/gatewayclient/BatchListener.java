package kr.kisgateway.gatewayclient;

import tools.jackson.databind.JsonNode;

/** Receives the lines of a batch as they arrive, on the thread that requested it. */
public interface BatchListener {
    /** Symbols between two calls of {@link #milestone}. */
    int MILESTONE = 100;

    /**
     * Called before all others.
     *
     * @param expected {@code symbols}, {@code at_hand}, {@code calls} to KIS and the {@code seconds} that they take at
     *     least
     */
    default void begins(JsonNode expected) {}

    /** The value of a symbol, as {@code GET /v1/quotes/{symbol}} or {@code /v1/bars/{symbol}} answers it. */
    default void succeeded(String symbol, JsonNode value) {}

    /** @param refusal {@code code}, {@code message} and {@code retryable} */
    default void failed(String symbol, JsonNode refusal) {}

    /** {@code symbol} has its value or refusal, as {@code completed} of {@code total} have. */
    default void completed(int completed, int total, String symbol) {}

    /** Another {@value #MILESTONE} symbols are completed, or all. */
    default void milestone(int completed, int total) {}
}
