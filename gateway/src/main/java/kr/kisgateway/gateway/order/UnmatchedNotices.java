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
final class UnmatchedNotices {
    /** The oldest gives way to the next one, and the list is asked instead. */
    static final int CAPACITY = 1_000;

    private final Deque<Notice> notices = new ArrayDeque<>();
    private final Set<Long> learned = new LinkedHashSet<>();

    /** Keeps a notice. Answers whether an older one had to give way. */
    boolean add(Notice notice) {
        boolean full = notices.size() == CAPACITY;
        if (full) {
            notices.removeFirst();
        }
        notices.addLast(notice);
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
        List<Notice> matching = notices.stream()
                .filter(n -> n.odno() == number || n.original() == number)
                .toList();
        notices.removeAll(matching);
        return Optional.of(matching);
    }

    void dropIf(Predicate<Notice> isListed) {
        notices.removeIf(isListed);
    }

    boolean isEmpty() {
        return notices.isEmpty();
    }

    /** Oldest first, as they are at any time. */
    Collection<Notice> all() {
        return Collections.unmodifiableCollection(notices);
    }

    void clear() {
        notices.clear();
        learned.clear();
    }
}
