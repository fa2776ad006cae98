package kr.kisgateway.gateway.document;

/** A document cannot be read or written. */
public final class DocumentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    /** Its content is damaged, or of another release. */
    public DocumentException(String message, Throwable cause) {
        this(message, cause, false);
    }

    /** @param passing whether the same may succeed later */
    DocumentException(String message, Throwable cause, boolean passing) {
        super(message, cause);
        this.passing = passing;
    }

    /** Whether the database was not there, or this gateway lost the accounts, so that the same may succeed later. */
    public boolean mayPass() {
        return passing;
    }
}
