package kr.kisgateway.client.batch;

import java.time.Duration;
import kr.kisgateway.market.Symbol;

/**
 * Hears how far a batch is, on the thread that called the batch; while it listens no further questions are handed out. What
 * it throws is logged and costs no result; {@link BatchStop} ends a batch early.
 */
public interface BatchListener {
    /** How many symbols lie between two calls of {@link #milestone}. */
    int MILESTONE = 100;

    /**
     * Before the first question.
     *
     * @param total different symbols
     * @param calls to KIS, if none must be repeated
     * @param atLeast how long they take at the present call rate with nobody else asking
     */
    default void started(int total, int calls, Duration atLeast) {}

    /** {@code symbol} has its answer or its failure, and {@code completed} of {@code total} have. */
    default void completed(int completed, int total, Symbol symbol) {}

    /** Another {@value #MILESTONE} symbols have theirs, or all. */
    default void milestone(int completed, int total) {}
}
