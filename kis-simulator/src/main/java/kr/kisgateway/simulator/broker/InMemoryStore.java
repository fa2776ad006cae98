package kr.kisgateway.simulator.broker;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a broker keeps, held in memory as its file would hold it: the newest record of each thing. A simulated day runs a
 * {@link BrokerCore} on it, commits what each {@link Step} appends, crashes the core at any point and opens the next one
 * on {@link #stored}.
 *
 * <p>A commit is whole or absent, as a transaction is: whoever wants an unsynced tail keeps the steps of it beside this and
 * applies only those that survive. Not for several threads.
 */
public final class InMemoryStore {
    private final Map<Object, Change> newest;

    /** A new file. */
    public InMemoryStore() {
        this.newest = new LinkedHashMap<>();
    }

    private InMemoryStore(Map<Object, Change> newest) {
        this.newest = new LinkedHashMap<>(newest);
    }

    /** Commits the records of a step, of each thing only the last. */
    public void apply(Collection<Change> changes) {
        changes.forEach(change -> newest.put(change.key(), change));
    }

    /** What a core opened now would find. */
    public StoredChanges stored() {
        return StoredChanges.of(newest.values());
    }

    /** Every record held, fills included, in the order of their first writing; for checkers. */
    public Collection<Change> records() {
        return List.copyOf(newest.values());
    }

    /** Another one that holds the same and goes its own way from here. */
    public InMemoryStore copy() {
        return new InMemoryStore(newest);
    }
}
