package kr.kisgateway.client.source;

/**
 * Why a source gave no answer.
 *
 * @param code what went wrong
 * @param cause one sentence: the observation; never contains a key
 * @param remedy one sentence: what to do
 * @param retryable whether a later retry may succeed by itself
 */
public record SourceFailure(Code code, String cause, String remedy, boolean retryable) {
    /** What went wrong. */
    public enum Code {
        /** No or incomplete credentials for the requested source. */
        CREDENTIALS_MISSING,
        /** The request, or a setting, is invalid; nothing was sent. */
        INVALID_INPUT,
        /** This source does not offer it; another does. */
        UNSUPPORTED_BY_SOURCE,
        /** The source does not list the symbol. */
        UNKNOWN_SYMBOL,
        /** The exchange has not published the answer yet. */
        NOT_PUBLISHED,
        /** The source refuses the credentials. */
        UNAUTHORIZED,
        /** The source answered and refused; the cause has its code. */
        REFUSED,
        /** The day's calls are used up, or too few for this request; nothing was sent. */
        QUOTA_EXCEEDED,
        /** The source reports too many requests. */
        RATE_LIMITED,
        /** No answer in time. */
        TIMEOUT,
        /** No connection, no trusted one, or it broke. */
        CONNECTION,
        /** Too many recent queries got no answer: none is sent for a while, and nothing was sent. */
        BREAKER_OPEN,
        /** The source answered with an HTTP error. */
        HTTP_STATUS,
        /** The source's answer cannot be read. */
        UNREADABLE
    }
}
