package kr.kisgateway.client;

import java.time.Duration;

/**
 * Why a question got no answer.
 *
 * @param kind what went wrong
 * @param rtCd KIS's {@code rt_cd}, or empty when KIS did not answer
 * @param msgCd KIS's {@code msg_cd} or {@code error_code}, or empty
 * @param msg1 KIS's text, or ours when KIS did not answer; never holds a request
 * @param retryable whether the same question may get an answer later
 * @param retryAfter how long to wait first; zero when there is nothing to wait for
 */
public record KisFailure(Kind kind, String rtCd, String msgCd, String msg1, boolean retryable, Duration retryAfter) {
    /** What went wrong. */
    public enum Kind {
        /** KIS counted too many calls (EGW00201, EGW00215, or HTTP 429 from something in between). */
        RATE_LIMITED,
        /** No answer in time. */
        TIMEOUT,
        /** No connection, or it broke. */
        CONNECTION,
        /** KIS answered and refused. */
        REFUSED,
        /** There is no valid access token, and none can be had in time. */
        TOKEN,
        /** The call budget had no slot before the deadline. */
        QUEUE_TIMEOUT,
        /** KIS answered something that cannot be read, or not completely. */
        UNREADABLE
    }
}
