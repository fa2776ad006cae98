package kr.kisgateway.gateway.notification;

import java.time.Duration;
import java.util.Optional;

/** How the delivery of a message ended. */
sealed interface Delivery {
    /** Time for a message from the connect to the end of the answer. */
    Duration LIMIT = Duration.ofSeconds(10);

    record Delivered() implements Delivery {}

    /**
     * It was not delivered, or may not have been.
     *
     * @param reason without address or content, which may be secret
     * @param maybeDelivered whether the receiver may have it
     * @param retryAfter what the receiver asked for
     */
    record Failed(String reason, boolean maybeDelivered, Optional<Duration> retryAfter) implements Delivery {}

    /** The receiver does not have it. */
    static Delivery notSent(String reason) {
        return new Failed(reason, false, Optional.empty());
    }
}
