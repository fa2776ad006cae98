package kr.kisgateway.gateway.audit;

/** The audit's store or one of its files cannot be read or written; the message is a sentence for an operator. */
public final class AuditException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AuditException(String message, Throwable cause) {
        super(message, cause);
    }

    public AuditException(String message) {
        super(message);
    }
}
