package kr.kisgateway.client.batch;

import java.time.Duration;
import kr.kisgateway.market.Symbol;

/**
 * Receives the progress of a batch, on the thread that called the batch; no further queries start meanwhile. Its
 * exceptions are logged and cost no result; {@link BatchStop} ends a batch early.
 */
public interface BatchListener {
    /** Symbols between two calls of {@link #milestone}. */
    int MILESTONE = 100;

    /**
     * Before the first query.
     *
     * @param total different symbols
     * @param calls to KIS, without retries
     * @param atLeast how long they take at the current call rate without other calls
     */
    default void started(int total, int calls, Duration atLeast) {}

    /** {@code symbol} has its answer or its failure, and {@code completed} of {@code total} have. */
    default void completed(int completed, int total, Symbol symbol) {}

    /** Another {@value #MILESTONE} symbols are completed, or all. */
    default void milestone(int completed, int total) {}
}
