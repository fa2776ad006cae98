package kr.kisgateway.gateway.trace;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/** A trace, at the span under which further spans are made. Immutable: it passes from thread to thread. */
public interface Trace {
    /** What the caller, the log and KIS identify it by: 32 hexadecimal digits, or the text that the caller chose. */
    String id();

    /** Whether spans of it are recorded. */
    boolean isRecorded();

    /** A span that begins now. */
    Span begin(SpanName name);

    /** A span that began at {@code from}. */
    Span begin(SpanName name, Instant from);

    /** Runs {@code work} as part of this trace. */
    default <R, X extends Throwable> R run(ScopedValue.CallableOp<R, X> work) throws X {
        return ScopedValue.where(CurrentTrace.KEY, this).call(work);
    }

    /** The trace that this thread works on; empty for the gateway's own work. */
    static Optional<Trace> current() {
        return CurrentTrace.KEY.isBound() ? Optional.of(CurrentTrace.KEY.get()) : Optional.empty();
    }

    /** The trace that this thread works on, or one without id of which nothing is recorded. */
    static Trace currentOrNone() {
        return CurrentTrace.KEY.isBound() ? CurrentTrace.KEY.get() : UnrecordedTrace.NONE;
    }

    /** A trace of which no span is recorded. */
    static Trace unrecorded(String id) {
        return new UnrecordedTrace(id);
    }

    /** Makes threads that work on the trace of the thread that starts them. */
    static ThreadFactory carrying(ThreadFactory threads) {
        return work -> {
            Optional<Trace> trace = current();
            return threads.newThread(trace.isEmpty() ? work : () -> within(trace, work));
        };
    }

    /** Runs {@code work} as part of {@code trace}, where there is one. */
    static void within(Optional<Trace> trace, Runnable work) {
        if (trace.isEmpty()) {
            work.run();
            return;
        }
        trace.get().run(() -> {
            work.run();
            return trace;
        });
    }
}
