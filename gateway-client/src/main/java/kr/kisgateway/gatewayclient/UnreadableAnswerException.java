package kr.kisgateway.gatewayclient;

/** An answer that has not the form of the gateway's: something else listens there, or a gateway of another version. */
public final class UnreadableAnswerException extends GatewayException {
    private static final long serialVersionUID = 1L;
    private final int status;

    UnreadableAnswerException(String message, int status) {
        super(message);
        this.status = status;
    }

    /** The HTTP status of the answer. */
    public int status() {
        return status;
    }
}
