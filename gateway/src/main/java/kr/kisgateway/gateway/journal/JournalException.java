package kr.kisgateway.gateway.journal;

/**
 * The journal cannot be written or read. After a failed commit its result is unknown: the file must be opened and
 * read again before it is used.
 */
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JournalException(String message) {
        super(message);
    }

    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
