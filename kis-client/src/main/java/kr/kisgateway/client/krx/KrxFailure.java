package kr.kisgateway.client.krx;

/**
 * Why the exchange's Open API gave no answer.
 *
 * @param code what went wrong
 * @param cause one sentence: what was seen; never holds the key
 * @param remedy one sentence: what to do about it
 * @param retryable whether the same question may get an answer later without anybody doing anything
 */
public record KrxFailure(Code code, String cause, String remedy, boolean retryable) {
    /** What went wrong. */
    public enum Code {
        /** The question makes no sense; nothing was sent. */
        INVALID_INPUT,
        /** The key is wrong, or not approved for this service (HTTP 401, 403). */
        UNAUTHORIZED,
        /** The day's calls are used up; nothing was sent. */
        QUOTA_EXCEEDED,
        /** The exchange says that it is asked too much (HTTP 429). */
        RATE_LIMITED,
        /** The whole answer was not there in time. */
        TIMEOUT,
        /** No connection, or it broke. */
        CONNECTION,
        /** The server's certificate cannot be trusted. */
        TLS,
        /** The server answered with another status than 200. */
        HTTP_STATUS,
        /** The answer is larger than anything that is expected. */
        TOO_LARGE,
        /** The answer is no JSON, lacks a field, or has one that cannot be read. */
        UNREADABLE
    }
}
