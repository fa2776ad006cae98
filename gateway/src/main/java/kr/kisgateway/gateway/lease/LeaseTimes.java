package kr.kisgateway.gateway.lease;

import java.time.Duration;

/**
 * @param ttl after how long without a renewal the database gives the lease to another
 */
public record LeaseTimes(Duration ttl) {
    private static final int PARTS = 5;

    /** How long before the end of the lease its holder stops: what it sent by then has arrived or failed when the next one begins. */
    public Duration margin() {
        return ttl.dividedBy(PARTS);
    }

    /** The pause between two renewals. */
    public Duration renewal() {
        return ttl.dividedBy(PARTS);
    }
}
