package kr.kisgateway.gateway.portfolio;

import java.time.Instant;

/**
 * What is known of something that the broker tells: a value, an old value, or nothing. Nothing is never zero.
 *
 * @param <T> what is told; immutable
 */
public sealed interface Observation<T> {
    /** @param requestedAt when the broker was asked: nothing later is in the value for certain */
    record Current<T>(T value, Instant requestedAt) implements Observation<T> {}

    /**
     * The last value, because the broker does not answer now.
     *
     * @param requestedAt when it was asked for this value
     * @param reason why there is no newer one, in words
     */
    record Stale<T>(T value, Instant requestedAt, String reason) implements Observation<T> {}

    /** @param reason why, in words */
    record Unknown<T>(String reason) implements Observation<T> {}
}
