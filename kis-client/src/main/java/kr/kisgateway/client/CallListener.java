package kr.kisgateway.client;

/** Receives each REST call of a client when it has ended. Called on the thread of the call, must not block. */
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

    /**
     * A call has ended; each retry is a call.
     *
     * @param trId the TR id, or the path where KIS has none: tokens and approval keys
     * @param nanos from the connection's request until the whole answer, without the wait for the call budget
     */
    void ended(String trId, Result result, long nanos);

    /**
     * A call has waited for its slot of the call budget.
     *
     * @param nanos how long; zero where a slot was free
     * @param granted whether it got a slot; otherwise it is not made
     */
    default void waited(Lane lane, long nanos, boolean granted) {}
}
