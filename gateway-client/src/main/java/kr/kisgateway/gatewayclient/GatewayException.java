package kr.kisgateway.gatewayclient;

/**
 * The gateway could not be reached, disconnected, or missed a time limit.
 *
 * <p>After a request that changes something, the outcome of the change is unknown: repeat an order with the same
 * idempotency key to get it.
 */
public sealed class GatewayException extends RuntimeException permits UnreadableAnswerException {
    private static final long serialVersionUID = 1L;

    GatewayException(String message) {
        super(message);
    }

    GatewayException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Restores the interrupt for the thread's owner and names what was cancelled. */
    static GatewayException interrupted(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new GatewayException("Interrupted while " + what, cause);
    }
}
