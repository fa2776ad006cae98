package kr.kisgateway.gateway.pool;

import java.time.Instant;
import java.util.Optional;

/** The sockets of all app keys as one. Everything answers at once; the wire follows in the background. */
public interface Sockets {
    /** False when no socket takes it; then nothing changed. */
    boolean register(Demand demand);

    void release(Demand demand);

    Room room();

    /** The id of the app key whose socket has it. */
    Optional<String> appKeyOf(Demand demand);

    /**
     * @param registrations what the sockets take now
     * @param notices how many of these execution notices have
     * @param changesAt when other markets are open on them; empty when that never changes
     */
    record Room(int registrations, int notices, Optional<Instant> changesAt) {}
}
