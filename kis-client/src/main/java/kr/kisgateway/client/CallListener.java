package kr.kisgateway.client;

import java.util.Optional;

/** Receives each REST call of a client when it has ended. Called on the thread of the call, must neither block nor throw. */
@FunctionalInterface
public interface CallListener {
    /** What became of a call. */
    enum Result {
        /** KIS did what was requested ({@code rt_cd} 0). */
        OK,
        /** KIS refused it ({@code rt_cd} not 0), for another reason than the call rate. */
        REFUSED,
        /** KIS refused it for the call rate. */
        RATE_LIMITED,
        /** No usable answer: no connection, none in time, a failure of KIS's own servers, or not in KIS's format. */
        FAILED
    }

    /** A call has ended; each retry is a call. */
    void ended(EndedCall call);

    /**
     * A call has waited for its slot of the call budget; that of an order on the thread that requests it.
     *
     * @param granted whether it got a slot; otherwise it is not made
     * @param nanos how long; zero where a slot was free
     */
    default void waited(Lane lane, boolean granted, long nanos) {}

    /**
     * The value of the header {@code X-Trace-Id} of the call that this thread is about to send; empty for none. KIS does not document
     * the header.
     */
    default Optional<String> traceId() {
        return Optional.empty();
    }
}
