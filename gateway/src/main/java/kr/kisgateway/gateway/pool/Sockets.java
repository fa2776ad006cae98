package kr.kisgateway.gateway.pool;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The sockets of all app keys as one. Everything answers at once; the wire follows in the background. */
public interface Sockets {
    /** False when no socket takes it; then nothing changed. */
    boolean register(Demand demand);

    void release(Demand demand);

    /** What the sockets take now of this country. */
    Capacity room(Country country);

    /**
     * Some registrations go by another key as time passes: those of American stocks, in the day market. Registers anew what is
     * registered by an old one.
     *
     * @return what no socket takes by its new key; it is not registered any more
     */
    List<Demand> refreshKeys();

    /** The id of the app key whose socket has it. */
    Optional<String> appKeyOf(Demand demand);

    /**
     * @param registrations what the sockets take now
     * @param notices how many of these execution notices have
     * @param changesAt when other markets are open on them; empty when that never changes
     */
    record Capacity(int registrations, int notices, Optional<Instant> changesAt) {}
}
