package kr.kisgateway.gateway.database;

/** A database cannot be used; the message is one sentence with what to do. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    public DatabaseException(String message) {
        super(message);
        this.passing = false;
    }

    /** @param passing whether the same may succeed later, without a change of settings */
    DatabaseException(String message, boolean passing, Throwable cause) {
        super(message, cause);
        this.passing = passing;
    }

    /** Whether the database was not there or busy, so that the same may succeed later. */
    public boolean mayPass() {
        return passing;
    }
}
