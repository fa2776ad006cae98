package kr.kisgateway.client;

import java.time.Duration;
import java.util.Optional;

/**
 * How a call of the catalog is made.
 *
 * @param lane how urgent it is; empty leaves that to the kind of the call
 * @param tenant who wants it; tenants of a lane take turns
 * @param patience how long the answer would be of use, waiting for a slot included; what has not been sent by then is not
 */
public record CallOptions(Optional<Lane> lane, String tenant, Duration patience) {
    /** As good as for ever. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private static final CallOptions STANDARD = new CallOptions(Optional.empty(), "client", Duration.ofSeconds(30));

    public CallOptions {
        if (!patience.isPositive()) {
            throw new IllegalArgumentException("patience must be longer than nothing");
        }
        patience = patience.compareTo(LONGEST) > 0 ? LONGEST : patience;
    }

    /** As urgent as the kind of the call, for tenant {@code client}, within 30 s. */
    public static CallOptions standard() {
        return STANDARD;
    }

    public CallOptions in(Lane urgency) {
        return new CallOptions(Optional.of(urgency), tenant, patience);
    }

    public CallOptions as(String who) {
        return new CallOptions(lane, who, patience);
    }

    public CallOptions within(Duration longest) {
        return new CallOptions(lane, tenant, longest);
    }
}
