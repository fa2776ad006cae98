package kr.kisgateway.gateway.order;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The order of each fingerprint that is in flight or in doubt: one at a time, so that no match is ambiguous. */
final class InFlightFingerprints {
    private final Map<Terms.Fingerprint, OrderId> owners = new HashMap<>();
    private final Map<OrderId, Terms.Fingerprint> byOrder = new HashMap<>();

    /** Whether the order's placing must wait for another equal one. */
    boolean isTaken(Order order) {
        OrderId owner = owners.get(order.terms().fingerprint());
        return owner != null && !owner.equals(order.id());
    }

    /** Updates the order; returns the fingerprint that became free. */
    Optional<Terms.Fingerprint> track(Order order) {
        boolean isInFlight = order.placing().isInFlight() && !order.status().isTerminal();
        if (isInFlight) {
            Terms.Fingerprint fingerprint = order.terms().fingerprint();
            owners.put(fingerprint, order.id());
            byOrder.put(order.id(), fingerprint);
            return Optional.empty();
        }
        Optional<Terms.Fingerprint> free = Optional.ofNullable(byOrder.remove(order.id()));
        free.ifPresent(fingerprint -> owners.remove(fingerprint, order.id()));
        return free;
    }

    Optional<OrderId> owner(Terms.Fingerprint fingerprint) {
        return Optional.ofNullable(owners.get(fingerprint));
    }

    boolean isEmpty() {
        return owners.isEmpty();
    }

    Iterable<OrderId> owners() {
        return owners.values();
    }
}
