package kr.kisgateway.gateway.secret;

/** The master key or the file of secrets cannot be used; the message is a sentence with what to do, and contains no secret. */
public final class SecretException extends Exception {
    private static final long serialVersionUID = 1L;

    public SecretException(String message) {
        super(message);
    }

    public SecretException(String message, Throwable cause) {
        super(message, cause);
    }
}
