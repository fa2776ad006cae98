package kr.kisgateway.gateway.document;

/** A document cannot be read or written: its file or database failed, or its content is damaged or of another release. */
public final class DocumentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DocumentException(String message, Throwable cause) {
        super(message, cause);
    }
}
