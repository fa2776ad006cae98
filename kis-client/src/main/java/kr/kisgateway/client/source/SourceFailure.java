package kr.kisgateway.client.source;

/**
 * Why a source gave no answer.
 *
 * @param code what went wrong
 * @param cause one sentence: what was seen; never holds a key
 * @param remedy one sentence: what to do about it
 * @param retryable whether the same question may get an answer later without anybody doing anything
 */
public record SourceFailure(Code code, String cause, String remedy, boolean retryable) {
    /** What went wrong. */
    public enum Code {
        /** There are no credentials for the source that was asked for, or only half of them. */
        CREDENTIALS_MISSING,
        /** The question, or a setting, makes no sense; nothing was sent. */
        INVALID_INPUT,
        /** This source cannot know it; another can. */
        UNSUPPORTED_BY_SOURCE,
        /** The source knows no such symbol. */
        UNKNOWN_SYMBOL,
        /** The exchange has published nothing yet that would answer. */
        NOT_PUBLISHED,
        /** The source refuses the credentials. */
        UNAUTHORIZED,
        /** The source answered and refused; the cause has its code. */
        REFUSED,
        /** The day's calls are used up, or too few for this question; nothing was sent. */
        QUOTA_EXCEEDED,
        /** The source says that it is asked too much. */
        RATE_LIMITED,
        /** No answer in time. */
        TIMEOUT,
        /** No connection, no trusted one, or it broke. */
        CONNECTION,
        /** Too many questions got no answer of late: none is sent for a while, and nothing was sent. */
        BREAKER_OPEN,
        /** The source answered with an HTTP error. */
        HTTP_STATUS,
        /** The source answered something that cannot be read. */
        UNREADABLE
    }
}
