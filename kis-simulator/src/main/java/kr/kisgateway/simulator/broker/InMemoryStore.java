package kr.kisgateway.simulator.broker;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.simulator.entity.Change;

/**
 * The records of a broker in memory, as its file would store them: the newest record of each entity. A simulated day runs a
 * {@link BrokerCore} on it, commits what each {@link Step} appends, crashes the core at any point and opens the next one
 * on {@link #stored}.
 *
 * <p>A commit is complete or absent, as a transaction is: a test with an unsynced tail buffers those steps itself and applies
 * only the ones that survive. Not thread-safe.
 */
public final class InMemoryStore {
    private final Map<Object, Change> newest;

    /** Creates the equivalent of a new file. */
    public InMemoryStore() {
        this.newest = new LinkedHashMap<>();
    }

    private InMemoryStore(Map<Object, Change> newest) {
        this.newest = new LinkedHashMap<>(newest);
    }

    /** Commits the records of a step, the last one of each entity. */
    public void apply(Collection<Change> changes) {
        changes.forEach(change -> newest.put(change.id(), change));
    }

    /** The records that a core opened now would read. */
    public StoredChanges stored() {
        return StoredChanges.of(newest.values());
    }

    /** Every stored record, fills included, in the order of their first writing; for checkers. */
    public Collection<Change> records() {
        return List.copyOf(newest.values());
    }

    /** An independent copy with the same records. */
    public InMemoryStore copy() {
        return new InMemoryStore(newest);
    }
}
