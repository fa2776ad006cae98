package kr.kisgateway.client.krx;

/**
 * Why the exchange's Open API gave no answer.
 *
 * @param code what went wrong
 * @param cause one sentence: the observation; never contains the key
 * @param remedy one sentence: what to do
 * @param retryable whether a later retry may succeed by itself
 */
public record KrxFailure(Code code, String cause, String remedy, boolean retryable) {
    /** What went wrong. */
    public enum Code {
        /** The request is invalid; nothing was sent. */
        INVALID_INPUT,
        /** The key is wrong, or not approved for this service (HTTP 401, 403). */
        UNAUTHORIZED,
        /** The day's calls are used up; nothing was sent. */
        QUOTA_EXCEEDED,
        /** The exchange reports too many requests (HTTP 429). */
        RATE_LIMITED,
        /** The answer was not complete in time. */
        TIMEOUT,
        /** No connection, or it broke. */
        CONNECTION,
        /** The server's certificate cannot be trusted. */
        TLS,
        /** The server answered with another status than 200. */
        HTTP_STATUS,
        /** The answer is larger than expected. */
        TOO_LARGE,
        /** The answer is no JSON, misses a field, or has an unreadable one. */
        UNREADABLE
    }
}
