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
import kr.kisgateway.gateway.alert.AlertEvent.Ends;
import kr.kisgateway.gateway.alert.AlertLog;

/** Raises the alerts of the order desk and settles those about an order when the order says that they are over. */
final class OrderAlerts {
    private static final Set<Ends> BY_THE_ORDER = EnumSet.of(Ends.ORDER_ENDED, Ends.ORDER_CERTAIN);

    private final AlertLog log;
    private final InstantSource clock;

    /** Orders with alerts that a change of theirs may settle, in the order of the first; the order desk's thread only. */
    private final SequencedSet<OrderId> watched = new LinkedHashSet<>();

    OrderAlerts(AlertLog log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    void raise(Instant at, OrderEffect.Alert alert) {
        alert.order().filter(_ -> BY_THE_ORDER.contains(alert.kind().ends())).ifPresent(this::watch);
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

    void settle(Instant at, OrderEffect.Settled settled) {
        log.settle(settled.kind(), settled.subject(), at);
    }

    private void watch(OrderId order) {
        if (watched.add(order) && watched.size() > AlertLog.KEPT) {
            watched.removeFirst(); // its alerts gave way to newer ones, or soon will
        }
    }

    /** Settles what the change ends; an order that has ended is watched no longer. */
    void changed(Order order) {
        if (!watched.contains(order.id())) {
            return;
        }
        boolean ended = order.status().terminal();
        boolean certain =
                ended || order.requests().stream().noneMatch(it -> it.state() == BrokerRequest.State.IN_DOUBT);
        for (AlertEvent kind : AlertEvent.values()) {
            if (kind.ends() == Ends.ORDER_ENDED && ended || kind.ends() == Ends.ORDER_CERTAIN && certain) {
                log.settle(kind, order.id().text(), clock.instant());
            }
        }
        if (ended) {
            watched.remove(order.id());
        }
    }
}
