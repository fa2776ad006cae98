package kr.kisgateway.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The options of a catalog call.
 *
 * @param lane its urgency; empty derives it from the kind of the call
 * @param tenant originator; tenants of a lane take turns
 * @param timeout how long the answer is useful, waiting for a slot included; a call not sent by then is never sent
 */
public record CallOptions(Optional<Lane> lane, String tenant, Duration timeout) {
    /** Stands for no timeout. */
    private static final Duration TIMEOUT_MAX = Duration.ofDays(365);

    private static final CallOptions STANDARD = new CallOptions(Optional.empty(), "client", Duration.ofSeconds(30));

    public CallOptions {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("the timeout must be positive");
        }
        timeout = timeout.compareTo(TIMEOUT_MAX) > 0 ? TIMEOUT_MAX : timeout;
    }

    /** The urgency of the call's kind, tenant {@code client}, a timeout of 30 s. */
    public static CallOptions standard() {
        return STANDARD;
    }

    public CallOptions withLane(Lane priority) {
        return new CallOptions(Optional.of(priority), tenant, timeout);
    }

    public CallOptions withTenant(String tenantName) {
        return new CallOptions(lane, tenantName, timeout);
    }

    public CallOptions withTimeout(Duration limit) {
        return new CallOptions(lane, tenant, limit);
    }

    /** The time from {@code now} to {@code deadline} as the timeout; a millisecond when the deadline has passed. */
    public CallOptions withDeadline(Instant now, Instant deadline) {
        Duration timeLeft = Duration.between(now, deadline);
        return withTimeout(timeLeft.isPositive() ? timeLeft : Duration.ofMillis(1));
    }
}
