package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertEvent.SettlesWhen;
import kr.kisgateway.gateway.alert.AlertLog;

/** Raises the alerts of the order desk, and settles those about an order when its state ends them. */
final class OrderAlerts {
    private static final Set<SettlesWhen> SETTLED_BY_ORDER =
            EnumSet.of(SettlesWhen.ORDER_ENDED, SettlesWhen.ORDER_CERTAIN);

    private final AlertLog log;
    private final InstantSource clock;

    /** Orders with alerts that a change may settle, in the order of the first alert; the order desk's thread only. */
    private final SequencedSet<OrderId> trackedOrders = new LinkedHashSet<>();

    OrderAlerts(AlertLog log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    void raise(Instant at, OrderEffect.Alert alert) {
        alert.order()
                .filter(_ -> SETTLED_BY_ORDER.contains(alert.kind().settlesWhen()))
                .ifPresent(this::track);
        log.raise(new Alert(
                at.truncatedTo(ChronoUnit.MILLIS),
                alert.level().name(),
                alert.kind(),
                alert.subject(),
                alert.message(),
                alert.order().map(OrderId::text),
                alert.by(),
                Optional.empty()));
    }

    void settle(Instant at, OrderEffect.AlertSettled settled) {
        log.settle(settled.kind(), settled.subject(), at);
    }

    private void track(OrderId order) {
        if (trackedOrders.add(order) && trackedOrders.size() > AlertLog.CAPACITY) {
            trackedOrders.removeFirst(); // its alerts are replaced by newer ones, or soon will be
        }
    }

    /** Settles the alerts that the change ends; an ended order is no longer tracked. */
    void orderChanged(Order order) {
        if (!trackedOrders.contains(order.id())) {
            return;
        }
        boolean ended = order.status().isTerminal();
        boolean certain =
                ended || order.requests().stream().noneMatch(it -> it.state() == BrokerRequest.State.IN_DOUBT);
        for (AlertEvent kind : AlertEvent.values()) {
            if (kind.settlesWhen() == SettlesWhen.ORDER_ENDED && ended
                    || kind.settlesWhen() == SettlesWhen.ORDER_CERTAIN && certain) {
                log.settle(kind, order.id().text(), clock.instant());
            }
        }
        if (ended) {
            trackedOrders.remove(order.id());
        }
    }
}
