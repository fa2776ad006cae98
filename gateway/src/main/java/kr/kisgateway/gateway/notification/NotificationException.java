package kr.kisgateway.gateway.notification;

/** Why alerts cannot be stored. */
public final class NotificationException extends RuntimeException {
    public NotificationException(String message, Throwable cause) {
        super(message, cause);
    }
}
