package kr.kisgateway.gateway.pool;

import java.util.Optional;
import java.util.function.Consumer;

/** Registers feeds whose frames are passed on as they are. Returns at once. */
public interface RawSupply {
    /**
     * Adds a subscriber.
     *
     * @param key API key of the subscriber, which has its share of the registrations; empty for a caller without one
     */
    RawAnswer acquire(RawDemand demand, Optional<String> key);

    /** Removes a subscriber, with the key of {@link #acquire}. */
    void release(RawDemand demand, Optional<String> key);

    /** Sets the receiver of demands that KIS refused; their subscribers remain until they are released. It must not block. */
    void onRefused(Consumer<RawDemand> refused);

    /** How a new subscriber is served. */
    enum RawAnswer {
        /** It has a registration, confirmed or not. */
        REGISTERED,
        /** It waits for a registration, and frames come once it has one. */
        WAITING,
        /** It has no registration to expect; it was not added. */
        FULL,
        /** KIS or its session refuse the registration; it was not added. */
        REFUSED
    }
}
