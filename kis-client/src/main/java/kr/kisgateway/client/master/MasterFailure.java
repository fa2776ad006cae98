package kr.kisgateway.client.master;

/**
 * Why a master file is not available, or not refreshed.
 *
 * @param code what went wrong
 * @param cause one sentence: the observation
 * @param remedy one sentence: what to do
 * @param retryable whether a later retry may succeed by itself
 */
public record MasterFailure(Code code, String cause, String remedy, boolean retryable) {
    /** What went wrong. */
    public enum Code {
        /** No connection, or it broke. */
        CONNECTION,
        /** The server's certificate cannot be trusted. */
        TLS,
        /** The file was not complete in time. */
        TIMEOUT,
        /** The server answered with another status than 200. */
        HTTP_STATUS,
        /** The download, or what it unpacks to, is larger than allowed. */
        TOO_LARGE,
        /** The download is no zip file, or a damaged one. */
        BAD_ZIP,
        /** More than one line in a hundred cannot be read, or there is no line. */
        TOO_MANY_BAD_LINES,
        /** There are far fewer lines than in the last good copy. */
        SHRUNK,
        /** The copy could not be written to disk; the table itself is good. */
        NOT_KEPT
    }
}
