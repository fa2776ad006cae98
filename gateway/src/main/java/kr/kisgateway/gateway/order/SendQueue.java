package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import kr.kisgateway.gateway.order.Broker.Lane;

/**
 * Requests that wait to be sent, in the order of their acceptance.
 *
 * <p>Slots are requested from the call budget per account, lane and tenant, not per request: only when a slot is granted is the
 * request chosen that takes it: the oldest that may. So requests leave in the order of acceptance, however the grants
 * of the budget overtake each other, and a request that ended meanwhile wastes no slot.
 *
 * <p>While a request of the same fingerprint is in flight or in doubt, an equal one is parked: it retains its number and
 * returns to its old place.
 */
final class SendQueue {
    /** Slots that an account, lane and tenant may request ahead; more would only wait in the budget instead of here. */
    static final int SLOTS_AHEAD = 64;

    private static final Duration PAUSE = Duration.ofMillis(200);
    /** Pause after which a suspended share requests a slot again, to probe the broker. */
    private static final Duration SUSPENDED_PAUSE = Duration.ofMillis(500);

    private final Map<BudgetShare, TreeMap<Long, Item>> waiting = new LinkedHashMap<>();
    private final Map<Item, QueuePosition> positions = new HashMap<>();
    /** Places of picked requests that may return: a request that the broker did not accept keeps its place. */
    private final Map<Item, Long> sequences = new HashMap<>();

    private final Map<Terms.Fingerprint, TreeMap<Long, Item>> parked = new HashMap<>();
    private final Map<Long, BudgetShare> requestedSlots = new HashMap<>();
    private final Map<BudgetShare, Integer> requestedPerShare = new HashMap<>();
    private final Map<BudgetShare, Instant> pauses = new HashMap<>();
    /** Shares that got no slot because the broker gave no usable answers, until they get one. */
    private final Set<BudgetShare> suspended = new HashSet<>();

    private final Map<Depth, Integer> depths = new HashMap<>();
    private long lastSequence;
    private long lastSlot;

    /** One request of one order. */
    record Item(OrderId order, int request) {}

    /** A lane of the budget that trades an account, and the tenant that uses it. */
    record BudgetShare(String account, Lane lane, String tenant) {}

    private record Depth(String account, Lane lane) {
        static Depth of(BudgetShare share) {
            return new Depth(share.account(), share.lane());
        }
    }

    /** A slot to request; it is needed at the latest when {@code item} is due. */
    record SlotRequest(long slot, BudgetShare share, Item item) {}

    private record QueuePosition(BudgetShare share, long sequence, Optional<Terms.Fingerprint> parkedBy) {}

    /** Queues the request behind all others of its share, or at its place before it was picked. */
    void add(BudgetShare share, Item item) {
        if (!positions.containsKey(item)) {
            depths.merge(Depth.of(share), 1, Integer::sum);
            add(share, item, sequences.computeIfAbsent(item, _ -> ++lastSequence));
        }
    }

    private void add(BudgetShare share, Item item, long sequence) {
        waiting.computeIfAbsent(share, _ -> new TreeMap<>()).put(sequence, item);
        positions.put(item, new QueuePosition(share, sequence, Optional.empty()));
    }

    /** Removes a request that does not return. */
    void remove(Item item) {
        dequeue(item);
        sequences.remove(item);
    }

    private void dequeue(Item item) {
        QueuePosition position = positions.remove(item);
        if (position == null) {
            return;
        }
        depths.merge(Depth.of(position.share()), -1, Integer::sum);
        if (position.parkedBy().isPresent()) {
            removeFrom(parked, position.parkedBy().get(), position.sequence());
        } else {
            removeFrom(waiting, position.share(), position.sequence());
        }
    }

    private static <K> void removeFrom(Map<K, TreeMap<Long, Item>> from, K key, long sequence) {
        TreeMap<Long, Item> items = from.get(key);
        if (items != null) {
            items.remove(sequence);
            if (items.isEmpty()) {
                from.remove(key);
            }
        }
    }

    /** Sets a waiting request aside until {@link #unpark}. */
    void park(Item item, Terms.Fingerprint fingerprint) {
        QueuePosition position = positions.get(item);
        if (position == null || position.parkedBy().isPresent()) {
            return;
        }
        removeFrom(waiting, position.share(), position.sequence());
        parked.computeIfAbsent(fingerprint, _ -> new TreeMap<>()).put(position.sequence(), item);
        positions.put(item, new QueuePosition(position.share(), position.sequence(), Optional.of(fingerprint)));
    }

    /** Returns the oldest request parked for {@code fingerprint} to its old place. */
    void unpark(Terms.Fingerprint fingerprint) {
        TreeMap<Long, Item> items = parked.get(fingerprint);
        if (items == null) {
            return;
        }
        Map.Entry<Long, Item> oldest = items.pollFirstEntry();
        if (items.isEmpty()) {
            parked.remove(fingerprint);
        }
        QueuePosition position = oldest == null ? null : positions.get(oldest.getValue());
        if (oldest != null && position != null) {
            add(position.share(), oldest.getValue(), oldest.getKey());
        }
    }

    /** Returns a request that no longer depends on another to its old place. */
    void unpark(Item item) {
        QueuePosition position = positions.get(item);
        if (position != null && position.parkedBy().isPresent()) {
            removeFrom(parked, position.parkedBy().get(), position.sequence());
            add(position.share(), item, position.sequence());
        }
    }

    /**
     * The slots to request now in the open lanes, so that each share has requested as many as wait in it, up to
     * {@value #SLOTS_AHEAD}.
     */
    List<SlotRequest> requestSlots(Instant now, Predicate<Lane> open) {
        pauses.values().removeIf(until -> !until.isAfter(now));
        List<SlotRequest> requests = new ArrayList<>();
        waiting.forEach((share, items) -> {
            if (pauses.containsKey(share) || !open.test(share.lane())) {
                return;
            }
            int before = requestedPerShare.getOrDefault(share, 0);
            if (before >= Math.min(SLOTS_AHEAD, items.size())) {
                return;
            }
            items.values().stream().limit(SLOTS_AHEAD).skip(before).forEach(item -> {
                requestedSlots.put(++lastSlot, share);
                requestedPerShare.merge(share, 1, Integer::sum);
                requests.add(new SlotRequest(lastSlot, share, item));
            });
        });
        return requests;
    }

    /** The share that {@code slot} was requested for; empty when it was requested before a restart. */
    Optional<BudgetShare> granted(long slot) {
        Optional<BudgetShare> share = Optional.ofNullable(requestedSlots.remove(slot));
        share.ifPresent(s -> requestedPerShare.merge(s, -1, (n, one) -> n + one == 0 ? null : n + one));
        return share;
    }

    /** The budget has none: the share requests again later, since a full budget answers at once. */
    void timedOut(long slot, Instant now) {
        granted(slot).ifPresent(share -> pauses.put(share, now.plus(PAUSE)));
    }

    /**
     * Suspends a share after unusable answers of the broker: it requests again after a while, and its queue stays.
     *
     * @return whether no share was suspended before
     */
    boolean suspend(long slot, Instant now) {
        Optional<BudgetShare> share = granted(slot);
        boolean first = share.isPresent() && suspended.isEmpty();
        share.ifPresent(it -> {
            pauses.put(it, now.plus(SUSPENDED_PAUSE));
            suspended.add(it);
        });
        return first;
    }

    /**
     * Resumes a share, and every suspended one in which nothing waits any more.
     *
     * @return whether a share was suspended and none is now
     */
    boolean resume(BudgetShare share) {
        return suspended.removeIf(it -> it.equals(share) || !waiting.containsKey(it)) && suspended.isEmpty();
    }

    /** Whether the share waits because the broker gave no usable answers. */
    boolean isSuspended(BudgetShare share) {
        return suspended.contains(share);
    }

    /** The oldest request of the share that passes {@code maySend}; it parks or removes those that do not pass. */
    Optional<Item> pick(BudgetShare share, Predicate<Item> maySend) {
        TreeMap<Long, Item> items = waiting.get(share);
        while (items != null && !items.isEmpty()) {
            Item oldest = items.firstEntry().getValue();
            boolean allowed = maySend.test(oldest);
            if (allowed) {
                dequeue(oldest);
                return Optional.of(oldest);
            }
            if (items == waiting.get(share)
                    && !items.isEmpty()
                    && items.firstEntry().getValue().equals(oldest)) {
                throw new IllegalStateException(oldest + " may not go and still waits");
            }
            items = waiting.get(share);
        }
        return Optional.empty();
    }

    /** When a pause ends. */
    Optional<Instant> nextPauseEnd() {
        return pauses.values().stream().min(Comparator.naturalOrder());
    }

    /** Requests of a lane and some accounts parked behind an equal one whose fingerprint is {@code stuck}. */
    int parked(Predicate<String> accounts, Lane lane, Predicate<Terms.Fingerprint> stuck) {
        int sum = 0;
        for (Map.Entry<Terms.Fingerprint, TreeMap<Long, Item>> behind : parked.entrySet()) {
            // Only placings are parked, and equal ones are in the same lane.
            QueuePosition first = positions.get(behind.getValue().firstEntry().getValue());
            if (first != null
                    && first.share().lane() == lane
                    && accounts.test(first.share().account())
                    && stuck.test(behind.getKey())) {
                sum += behind.getValue().size();
            }
        }
        return sum;
    }

    /** Requests waiting in a lane for some accounts, parked ones included. */
    int depth(Predicate<String> accounts, Lane lane) {
        int sum = 0;
        for (Map.Entry<Depth, Integer> depth : depths.entrySet()) {
            sum += depth.getKey().lane() == lane && accounts.test(depth.getKey().account()) ? depth.getValue() : 0;
        }
        return sum;
    }
}
