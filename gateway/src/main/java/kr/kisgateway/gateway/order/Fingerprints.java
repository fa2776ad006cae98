package kr.kisgateway.gateway.order;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which order of each fingerprint is on its way to the broker or in doubt: one at a time, so that no match is ambiguous. */
final class Fingerprints {
    private final Map<Terms.Fingerprint, OrderId> owners = new HashMap<>();
    private final Map<OrderId, Terms.Fingerprint> prints = new HashMap<>();

    /** Whether the order's placing must wait for another equal one. */
    boolean taken(Order order) {
        OrderId owner = owners.get(order.terms().fingerprint());
        return owner != null && !owner.equals(order.id());
    }

    /** Keeps up with an order; gives the fingerprint that became free by it. */
    Optional<Terms.Fingerprint> changed(Order order) {
        boolean owns = order.placing().onItsWay() && !order.status().terminal();
        if (owns) {
            Terms.Fingerprint print = order.terms().fingerprint();
            owners.put(print, order.id());
            prints.put(order.id(), print);
            return Optional.empty();
        }
        Optional<Terms.Fingerprint> free = Optional.ofNullable(prints.remove(order.id()));
        free.ifPresent(print -> owners.remove(print, order.id()));
        return free;
    }

    Optional<OrderId> owner(Terms.Fingerprint print) {
        return Optional.ofNullable(owners.get(print));
    }

    boolean none() {
        return owners.isEmpty();
    }

    Iterable<OrderId> owners() {
        return owners.values();
    }
}
