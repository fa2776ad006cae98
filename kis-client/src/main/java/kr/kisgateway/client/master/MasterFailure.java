package kr.kisgateway.client.master;

/**
 * Why a master file could not be had, or not be renewed.
 *
 * @param code what went wrong
 * @param cause one sentence: what was seen
 * @param remedy one sentence: what to do about it
 * @param retryable whether the same download may work later without anybody doing anything
 */
public record MasterFailure(Code code, String cause, String remedy, boolean retryable) {
    /** What went wrong. */
    public enum Code {
        /** No connection, or it broke. */
        CONNECTION,
        /** The server's certificate cannot be trusted. */
        TLS,
        /** The whole file was not there in time. */
        TIMEOUT,
        /** The server answered with another status than 200. */
        HTTP_STATUS,
        /** The download, or what it unpacks to, is larger than allowed. */
        TOO_LARGE,
        /** What came is no zip file, or a damaged one. */
        BAD_ZIP,
        /** More than one line in a hundred cannot be read, or there is none at all. */
        TOO_MANY_BAD_LINES,
        /** There are far fewer lines than in the last good copy. */
        SHRUNK,
        /** The copy could not be written to disk; the table itself is good. */
        NOT_KEPT
    }
}
