package kr.kisgateway.gateway.pool;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Demands of one API key in the order of their first subscription: the first of them are within its share, the others beyond.
 * An input costs the same however many there are. A method reports each demand that changes sides to its {@link Change}.
 */
final class KeyShare<T> {
    /** Receives a demand that enters or leaves the share. */
    @FunctionalInterface
    interface Change<T> {
        void on(T demand, boolean within);
    }

    private final Map<T, Integer> listeners = new HashMap<>();
    private final Set<T> within = new LinkedHashSet<>();
    private final Set<T> beyond = new LinkedHashSet<>();
    private int size;

    /** @param size demands that may be within the share */
    KeyShare(int size) {
        this.size = size;
    }

    /** Whether a further demand would be within the share. */
    boolean hasRoom() {
        return within.size() < size;
    }

    /** Adds a subscriber of the key. */
    void add(T demand, Change<T> change) {
        if (listeners.merge(demand, 1, Integer::sum) > 1) {
            return;
        }
        if (within.size() < size) {
            within.add(demand);
            change.on(demand, true);
        } else {
            beyond.add(demand);
        }
    }

    /** Removes a subscriber; returns whether the key has no demand left. */
    boolean remove(T demand, Change<T> change) {
        if (listeners.computeIfPresent(demand, (_, count) -> count > 1 ? count - 1 : null) == null) {
            beyond.remove(demand);
            if (within.remove(demand)) {
                change.on(demand, false);
                promote(change);
            }
        }
        return listeners.isEmpty();
    }

    /** Changes the size of the share; the demands requested last leave it first. */
    void resize(int now, Change<T> change) {
        size = now;
        var last = within.stream().skip(size).toList();
        if (!last.isEmpty()) {
            var before = new LinkedHashSet<>(beyond);
            beyond.clear();
            beyond.addAll(last);
            beyond.addAll(before);
        }
        last.forEach(demand -> {
            within.remove(demand);
            change.on(demand, false);
        });
        promote(change);
    }

    private void promote(Change<T> change) {
        var next = beyond.iterator();
        while (within.size() < size && next.hasNext()) {
            T demand = next.next();
            next.remove();
            within.add(demand);
            change.on(demand, true);
        }
    }
}
