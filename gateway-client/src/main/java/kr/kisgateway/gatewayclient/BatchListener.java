package kr.kisgateway.gatewayclient;

import kr.kisgateway.api.batch.BatchExpected;
import kr.kisgateway.api.batch.BatchFailure;

/** Receives the lines of a batch as they arrive, on the thread that requested it. {@code V} is the value of a symbol. */
public interface BatchListener<V> {
    /** Symbols between two calls of {@link #milestone}. */
    int MILESTONE = 100;

    /** Called before all others. */
    default void begins(BatchExpected.Expected expected) {}

    /** The value of a symbol, as the call about this symbol alone answers it. */
    default void succeeded(String symbol, V value) {}

    /** A symbol without a value, and why. */
    default void failed(String symbol, BatchFailure failure) {}

    /** {@code symbol} has its value or refusal, as {@code completed} of {@code total} have. */
    default void completed(int completed, int total, String symbol) {}

    /** Another {@value #MILESTONE} symbols are completed, or all. */
    default void milestone(int completed, int total) {}
}
