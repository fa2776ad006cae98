package kr.kisgateway.gateway.broker;

import java.time.Duration;

/** Receives what happens between the gateway and its broker. Called on the threads of calls and sockets: it must not block. */
public interface BrokerObserver {
    /** What became of a call. */
    enum CallResult {
        /** The broker did what was requested. */
        DONE,
        /** The broker refused it, for another reason than the call rate. */
        REFUSED,
        /** The broker refused it for the call rate. */
        RATE_LIMITED,
        /** No usable answer: no connection, none in time, or a failure of the broker's own servers. */
        FAILED
    }

    /**
     * A call has ended; each retry is a call.
     *
     * @param call the broker's name of it
     * @param code of the broker, or why there is no answer; empty where it is done
     * @param took without the wait for the call budget
     */
    void callEnded(String call, CallResult result, String code, Duration took);

    /** The socket of an app key is open. */
    void connected(String appKey);

    /** A socket that was open is closed. */
    void disconnected(String appKey, String cause);

    /**
     * A circuit breaker changed.
     *
     * @param calls the calls that it is for
     * @param state {@code OPEN}, {@code HALF_OPEN} or {@code CLOSED}
     */
    void breakerChanged(String appKey, String calls, String state);
}
