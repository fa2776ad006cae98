package kr.kisgateway.gateway.backup;

/** A backup cannot be made, read or restored; the message says what was done and what to do. */
public final class BackupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BackupException(String message) {
        super(message);
    }

    BackupException(String message, Throwable cause) {
        super(message, cause);
    }
}
