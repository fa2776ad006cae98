package kr.kisgateway.client;

import java.time.Duration;

/**
 * Why a query got no answer.
 *
 * @param kind what went wrong
 * @param rtCd KIS's {@code rt_cd}, or empty when KIS did not answer
 * @param msgCd KIS's {@code msg_cd} or {@code error_code}, or empty
 * @param msg1 KIS's text, or ours when KIS did not answer; never contains a request
 * @param remedy what to do about it, in a sentence; empty when unknown
 * @param retryable whether a retry may succeed
 * @param retryAfter how long to wait first; zero when no wait is needed
 */
public record KisFailure(
        Kind kind, String rtCd, String msgCd, String msg1, String remedy, boolean retryable, Duration retryAfter) {
    /** What went wrong. */
    public enum Kind {
        /** No or incomplete credentials, and no simulator; nothing was opened. */
        CREDENTIALS_MISSING,
        /** Settings are contradictory or malformed; nothing was opened. */
        INVALID_SETTINGS,
        /** The request is invalid; KIS was not called. */
        INVALID_REQUEST,
        /** The paper environment does not offer this call; KIS was not called. */
        UNSUPPORTED,
        /** KIS counted too many calls (EGW00201, EGW00215, or HTTP 429 from an intermediary). */
        RATE_LIMITED,
        /** No answer in time. */
        TIMEOUT,
        /** No connection, or it broke. */
        CONNECTION,
        /** KIS answered and refused. */
        REFUSED,
        /** KIS does not list the symbol, which it answers with zeros. */
        UNKNOWN_SYMBOL,
        /** There is no valid access token, and none can be issued in time. */
        TOKEN,
        /** Too many recent calls of this class failed; KIS was not called. */
        BREAKER_OPEN,
        /** The call budget had no slot before the deadline. */
        QUEUE_TIMEOUT,
        /** All realtime registrations of the session are in use; KIS was not called. */
        REGISTRATIONS_FULL,
        /** KIS's answer is unreadable or incomplete. */
        UNREADABLE,
        /** This client was closed before or during the call. */
        CLOSED
    }

    /** A failure without a KIS answer: no KIS code, no wait. */
    public static KisFailure of(Kind kind, String message, String remedy, boolean retryable) {
        return new KisFailure(kind, "", "", message, remedy, retryable, Duration.ZERO);
    }

    /** Code, text and remedy in a line, to be displayed or logged. */
    public String sentence() {
        return code() + ": " + msg1 + (remedy.isEmpty() ? "" : ". " + remedy);
    }

    /** KIS's code where there is one, else the name of the kind. */
    public String code() {
        return msgCd.isEmpty() ? kind.name() : msgCd;
    }
}
