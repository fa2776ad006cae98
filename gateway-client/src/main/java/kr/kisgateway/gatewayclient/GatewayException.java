package kr.kisgateway.gatewayclient;

/**
 * The gateway could not be reached, hung up, or did not do in time what was waited for.
 *
 * <p>After a request that changes something, this says nothing about whether the change happened: repeat an order with
 * the same idempotency key to learn it.
 */
public final class GatewayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GatewayException(String message) {
        super(message);
    }

    GatewayException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Restores the interrupt for whoever runs this thread and says what was given up. */
    static GatewayException interrupted(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new GatewayException("Interrupted while " + what, cause);
    }
}
