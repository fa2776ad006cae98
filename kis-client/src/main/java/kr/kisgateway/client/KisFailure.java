package kr.kisgateway.client;

import java.time.Duration;

/**
 * Why a question got no answer.
 *
 * @param kind what went wrong
 * @param rtCd KIS's {@code rt_cd}, or empty when KIS did not answer
 * @param msgCd KIS's {@code msg_cd} or {@code error_code}, or empty
 * @param msg1 KIS's text, or ours when KIS did not answer; never holds a request
 * @param remedy what to do about it, in a sentence; empty when nobody knows
 * @param retryable whether the same question may get an answer later
 * @param retryAfter how long to wait first; zero when there is nothing to wait for
 */
public record KisFailure(
        Kind kind, String rtCd, String msgCd, String msg1, String remedy, boolean retryable, Duration retryAfter) {
    /** What went wrong. */
    public enum Kind {
        /** There are no credentials, or only half of them, and no simulator to do without; nothing was opened. */
        CREDENTIALS_MISSING,
        /** Settings contradict each other or have no such form; nothing was opened. */
        INVALID_SETTINGS,
        /** The question cannot be asked like this; KIS was not asked. */
        INVALID_REQUEST,
        /** The paper environment lacks this call; KIS was not asked. */
        UNSUPPORTED,
        /** KIS counted too many calls (EGW00201, EGW00215, or HTTP 429 from something in between). */
        RATE_LIMITED,
        /** No answer in time. */
        TIMEOUT,
        /** No connection, or it broke. */
        CONNECTION,
        /** KIS answered and refused. */
        REFUSED,
        /** KIS knows no such symbol, which it says by an answer full of zeros. */
        UNKNOWN_SYMBOL,
        /** There is no valid access token, and none can be had in time. */
        TOKEN,
        /** Too many calls of this class failed of late; KIS was not asked. */
        BREAKER_OPEN,
        /** The call budget had no slot before the deadline. */
        QUEUE_TIMEOUT,
        /** All realtime registrations of the session are taken; KIS was not asked. */
        REGISTRATIONS_FULL,
        /** KIS answered something that cannot be read, or not completely. */
        UNREADABLE,
        /** This client was closed before or during the call. */
        CLOSED
    }

    /** KIS did not say it: no code of KIS, and nothing to wait for. */
    public static KisFailure of(Kind kind, String message, String remedy, boolean retryable) {
        return new KisFailure(kind, "", "", message, remedy, retryable, Duration.ZERO);
    }

    /** Code, text and remedy in a line, to be shown or logged. */
    public String sentence() {
        return code() + ": " + msg1 + (remedy.isEmpty() ? "" : ". " + remedy);
    }

    /** KIS's code where there is one, else the name of the kind. */
    public String code() {
        return msgCd.isEmpty() ? kind.name() : msgCd;
    }
}
