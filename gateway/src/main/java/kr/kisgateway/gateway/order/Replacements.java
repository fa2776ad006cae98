package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.gateway.order.OrderEvent.ReplaceEnded;
import kr.kisgateway.gateway.order.Replacement.Outcome;

/**
 * Follows orders that are to be replaced until their end is proven, and then has the other order placed. The request is
 * durable before the cancel is sent, and the other order's id with it: after a crash it goes on, and places at most one.
 */
final class Replacements {
    private final OrderRegistry registry;
    private final DecisionContext context;
    private final BiConsumer<Instant, OrderId> timers;
    private final Set<OrderId> pending = new LinkedHashSet<>();

    /** Orders whose successor's facts are being loaded. */
    private final Set<OrderId> loading = new HashSet<>();

    /** @param timers set when an order has to be looked at again */
    Replacements(OrderRegistry registry, DecisionContext context, BiConsumer<Instant, OrderId> timers) {
        this.registry = registry;
        this.context = context;
        this.timers = timers;
    }

    /** Updates what is derived from an order. */
    void track(Order order) {
        Optional<Replacement> replacement = order.replacement().filter(Replacement::isPending);
        if (replacement.isPresent()) {
            if (pending.add(order.id())) {
                timers.accept(replacement.get().placeBy(), order.id());
            }
        } else if (pending.remove(order.id())) {
            loading.remove(order.id());
        }
    }

    /** Goes on with every pending replacement as far as what happened permits. */
    void advance() {
        for (OrderId id : List.copyOf(pending)) {
            registry.order(id).ifPresent(this::advance);
        }
    }

    private void advance(Order order) {
        Replacement replacement = order.replacement().orElseThrow();
        if (order.isEndProven() && order.filled() >= replacement.qty()) {
            context.record(new ReplaceEnded(
                    order.id(), Outcome.ABANDONED, "all shares of the new quantity were filled before the cancel"));
        } else if (!context.now().isBefore(replacement.placeBy())) {
            notPlaced(order, "its end was not proven in time");
        } else if (order.isEndProven()) {
            if (loading.add(order.id())) {
                context.addEffect(new OrderEffect.LoadReplacement(order));
            }
        } else if (order.status().isTerminal() && !order.isMissingFills()) {
            notPlaced(order, "the order ended " + order.status());
        } else if (!order.status().isTerminal() && order.openCancel().isEmpty()) {
            notPlaced(order, "the cancel was refused; the order rests as before");
        }
    }

    /** Ends a replacement because a cancel of the whole was requested. */
    void abandon(Order order) {
        context.record(new ReplaceEnded(order.id(), Outcome.ABANDONED, "a cancel was requested; nothing is placed"));
    }

    private void notPlaced(Order order, String why) {
        end(order, Outcome.ABANDONED, why);
    }

    /** Records that the other order was not placed, and alerts. */
    void end(Order order, Outcome outcome, String why) {
        String reason = "the replacement was not placed: " + why;
        context.record(new ReplaceEnded(order.id(), outcome, reason));
        context.alert(Level.P2, AlertEvent.REPLACEMENT_NOT_PLACED, order.id(), reason);
    }
}
