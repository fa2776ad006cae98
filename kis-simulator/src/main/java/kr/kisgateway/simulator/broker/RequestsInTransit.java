package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Requests that the broker accepted and the exchange does not have yet, in the order in which they arrive. */
final class RequestsInTransit {
    /** The arrival of a request at the exchange. */
    record Arrival(Instant due, UserOrder order) {}

    private final Deque<Arrival> arrivals = new ArrayDeque<>();

    boolean isEmpty() {
        return arrivals.isEmpty();
    }

    /** Adds a request that arrives at {@code due}, but not before those already in transit. */
    void add(UserOrder order, Instant due) {
        Instant last = arrivals.isEmpty() ? due : arrivals.getLast().due();
        arrivals.add(new Arrival(due.isBefore(last) ? last : due, order));
    }

    /** When the next request arrives; empty when none is in transit. */
    Optional<Instant> nextDue() {
        return Optional.ofNullable(arrivals.peek()).map(Arrival::due);
    }

    /** Removes and returns the next arrival. */
    Arrival removeNext() {
        return arrivals.remove();
    }

    /** Removes and returns every request. */
    List<UserOrder> removeAll() {
        List<UserOrder> all = arrivals.stream().map(Arrival::order).toList();
        arrivals.clear();
        return all;
    }

    /** Shares of an order for which a modify or cancel is in transit. */
    long quantity(UserOrder original) {
        return arrivals.stream()
                .filter(arrival -> arrival.order().originalOdno() == original.odno())
                .mapToLong(arrival -> arrival.order().qty())
                .sum();
    }
}
