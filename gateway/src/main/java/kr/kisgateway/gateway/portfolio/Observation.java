package kr.kisgateway.gateway.portfolio;

import java.time.Instant;

/**
 * A fact reported by the broker: a current value, a stale one, or unknown. Unknown is never zero.
 *
 * @param <T> the value; immutable
 */
public sealed interface Observation<T> {
    /** @param requestedAt when it was requested: nothing later is certainly included */
    record Current<T>(T value, Instant requestedAt) implements Observation<T> {}

    /**
     * The last value, because the broker does not answer now.
     *
     * @param requestedAt when this value was requested
     * @param reason why there is no newer one, as a sentence
     */
    record Stale<T>(T value, Instant requestedAt, String reason) implements Observation<T> {}

    /** @param reason why, as a sentence */
    record Unknown<T>(String reason) implements Observation<T> {}
}
