package kr.kisgateway.gateway.order;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import kr.kisgateway.gateway.order.Broker.Notice;

/** Execution notices whose numbers are nobody's, yet or at all, and the numbers that were just learned. */
final class HeldNotices {
    /** The oldest gives way to the next one, and the list is asked instead. */
    static final int MOST = 1_000;

    private final Deque<Notice> held = new ArrayDeque<>();
    private final Set<Long> learned = new LinkedHashSet<>();

    /** Keeps a notice. Answers whether an older one had to give way. */
    boolean hold(Notice notice) {
        boolean full = held.size() == MOST;
        if (full) {
            held.removeFirst();
        }
        held.addLast(notice);
        return full;
    }

    /** An order has this number now. */
    void learned(long number) {
        learned.add(number);
    }

    /** The notices of a number that was learned since; empty when there is no such number any more. */
    Optional<List<Notice>> takeLearned() {
        if (learned.isEmpty()) {
            return Optional.empty();
        }
        long number = learned.iterator().next();
        learned.remove(number);
        List<Notice> ours = held.stream()
                .filter(n -> n.odno() == number || n.original() == number)
                .toList();
        held.removeAll(ours);
        return Optional.of(ours);
    }

    void dropIf(Predicate<Notice> told) {
        held.removeIf(told);
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** Oldest first, as they are at any time. */
    Collection<Notice> all() {
        return Collections.unmodifiableCollection(held);
    }

    void clear() {
        held.clear();
        learned.clear();
    }
}
