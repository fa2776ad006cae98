package kr.kisgateway.gateway.lease;

import java.time.Duration;
import java.time.InstantSource;

/** Leases without a database. */
public final class LeaseFixture {
    private LeaseFixture() {}

    /** One that was taken now, by a clock that may be fixed. */
    public static Lease held(Duration ttl, InstantSource clock) {
        return new Lease("owner", 1, new LeaseTimes(ttl), () -> 0, clock, new Lease.Moment(0, clock.instant()));
    }
}
