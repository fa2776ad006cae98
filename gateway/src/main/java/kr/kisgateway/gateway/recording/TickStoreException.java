package kr.kisgateway.gateway.recording;

/** Ticks could not be written. */
final class TickStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TickStoreException(String message) {
        super(message);
    }

    TickStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
