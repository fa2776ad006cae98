package kr.kisgateway.gateway.pool;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Market;

/** The sockets of all app keys as one. Every method returns at once; the requests follow in the background. */
public interface Sockets {
    /** Registers it. */
    Placement register(Demand demand);

    void release(Demand demand);

    /** What the sockets take of this market now. */
    Capacity room(Market market);

    /**
     * Moves registrations to their current keys: those of US stocks have other keys in the day market.
     *
     * @return what no socket takes by its new key; it is not registered any more
     */
    List<Demand> refreshKeys();

    /** The id of the app key whose socket has it. */
    Optional<String> appKeyOf(Demand demand);

    /** What became of a request to register. */
    enum Placement {
        /** It follows; {@link RegistrationListener} reports what KIS answers. */
        REQUESTED,
        /** KIS has confirmed the same registration for another demand already, and confirms nothing twice. */
        CONFIRMED,
        /** No socket takes it; nothing changed. */
        REFUSED
    }

    /**
     * @param registrations what the sockets take now
     * @param notices how many of these execution notices have
     * @param changesAt when the sockets serve other markets; empty when that never changes
     */
    record Capacity(int registrations, int notices, Optional<Instant> changesAt) {}
}
