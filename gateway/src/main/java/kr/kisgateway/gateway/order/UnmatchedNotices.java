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
import kr.kisgateway.market.Market;

/** Execution notices whose numbers belong to no order, yet or at all, and the numbers that were just learned. */
final class UnmatchedNotices {
    /** Capacity; the oldest notice is dropped for the next one, and the list is requested instead. */
    static final int CAPACITY = 1_000;

    private final Deque<Notice> notices = new ArrayDeque<>();
    private final Set<Long> learned = new LinkedHashSet<>();

    /** Stores a notice; true when the oldest one was dropped for it. */
    boolean add(Notice notice) {
        boolean full = notices.size() == CAPACITY;
        if (full) {
            notices.removeFirst();
        }
        notices.addLast(notice);
        return full;
    }

    int size() {
        return notices.size();
    }

    /** Records that an order has this number now. */
    void learned(long number) {
        learned.add(number);
    }

    /** Removes and returns the notices of a number learned since; empty when no such number is left. */
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

    /** All buffered notices, oldest first; a live view. */
    Collection<Notice> all() {
        return Collections.unmodifiableCollection(notices);
    }

    /** Drops the notices of a market, and the numbers that were learned. */
    void dropOf(Market market) {
        notices.removeIf(notice -> notice.symbol().market().equals(market));
        learned.clear();
    }
}
