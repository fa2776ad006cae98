package kr.kisgateway.client;

import java.time.Duration;
import java.util.Optional;

/**
 * How a call of the catalog is made.
 *
 * @param lane how urgent it is; empty leaves that to the kind of the call
 * @param tenant who wants it; tenants of a lane take turns
 * @param timeout how long the answer would be of use, waiting for a slot included; what has not been sent by then is not
 */
public record CallOptions(Optional<Lane> lane, String tenant, Duration timeout) {
    /** As good as for ever. */
    private static final Duration TIMEOUT_MAX = Duration.ofDays(365);

    private static final CallOptions STANDARD = new CallOptions(Optional.empty(), "client", Duration.ofSeconds(30));

    public CallOptions {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("patience must be longer than nothing");
        }
        timeout = timeout.compareTo(TIMEOUT_MAX) > 0 ? TIMEOUT_MAX : timeout;
    }

    /** As urgent as the kind of the call, for tenant {@code client}, within 30 s. */
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
}
