package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.gateway.order.OrderEvent.ReplaceEnded;
import kr.kisgateway.gateway.order.Replacement.Outcome;

/**
 * Follows orders that are to be replaced until their end is proven, and then has the other order placed. The request is
 * durable before the cancel is sent, and the other order's id with it: after a crash it goes on, and places at most one.
 */
final class Replacements {
    private static final Duration RETRY_PAUSE = Duration.ofMillis(500);

    private final OrderRegistry registry;
    private final DecisionContext context;
    private final BiConsumer<Instant, OrderId> timers;
    private final Set<OrderId> pending = new LinkedHashSet<>();

    /** Orders whose successor's facts are being loaded. */
    private final Set<OrderId> loading = new HashSet<>();

    /** When to load them again after a refusal that may pass. */
    private final Map<OrderId, Instant> retryAt = new HashMap<>();

    /** @param timers set when an order has to be looked at again */
    Replacements(OrderRegistry registry, DecisionContext context, BiConsumer<Instant, OrderId> timers) {
        this.registry = registry;
        this.context = context;
        this.timers = timers;
    }

    /** Updates what is derived from an order. */
    void track(Optional<Order> before, Order order) {
        boolean neverPlaced = before.filter(it -> !it.status().isTerminal()).isPresent()
                && (order.status() == OrderStatus.REJECTED || order.status() == OrderStatus.EXPIRED)
                && order.brokerRefs().isEmpty();
        if (neverPlaced && order.replaces().isPresent()) {
            context.alert(
                    Level.P2,
                    AlertEvent.REPLACEMENT_NOT_PLACED,
                    order.id(),
                    "it was to replace " + order.replaces().get() + ", which is cancelled, and ended " + order.status()
                            + ": " + order.reason().orElse(""));
        }
        Optional<Replacement> replacement = order.replacement().filter(Replacement::isPending);
        if (replacement.isPresent()) {
            if (pending.add(order.id())) {
                timers.accept(replacement.get().placeBy(), order.id());
            }
        } else {
            pending.remove(order.id());
            loading.remove(order.id());
            retryAt.remove(order.id());
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
                    order.id(),
                    Outcome.ABANDONED,
                    "all shares of the new quantity were filled before the cancel",
                    Optional.empty()));
        } else if (!context.now().isBefore(replacement.placeBy()) && isCancelSending(order)) {
            // Its answer comes in seconds; one that KIS does not take is not sent again then.
        } else if (!context.now().isBefore(replacement.placeBy())) {
            order.openCancel()
                    .filter(cancel -> cancel.state() == BrokerRequest.State.PLANNED)
                    .ifPresent(cancel -> context.record(new OrderEvent.BrokerRefused(
                            order.id(), cancel.no(), "NOT_SENT", "it could not be sent in time; the order rests on")));
            notPlaced(order, "its end was not proven in time");
        } else if (order.isEndProven()) {
            boolean due = Optional.ofNullable(retryAt.get(order.id()))
                    .filter(at -> !at.isAfter(context.now()))
                    .isPresent();
            if (due) {
                retryAt.remove(order.id());
                loading.remove(order.id());
            }
            if (loading.add(order.id())) {
                context.addEffect(new OrderEffect.LoadReplacement(order));
            }
        } else if (order.status().isTerminal() && !order.isMissingFills()) {
            notPlaced(order, "the order ended " + order.status());
        } else if (!order.status().isTerminal() && order.openCancel().isEmpty()) {
            notPlaced(order, "the cancel was refused; the order rests as before");
        }
    }

    private static boolean isCancelSending(Order order) {
        return order.openCancel()
                .filter(cancel -> cancel.state() == BrokerRequest.State.SENDING)
                .isPresent();
    }

    /**
     * Ends a replacement because a cancel of the whole was requested.
     *
     * @param key of that cancel, where it was for this order
     */
    void abandon(Order order, Optional<KeyUse> key) {
        context.record(
                new ReplaceEnded(order.id(), Outcome.ABANDONED, "a cancel was requested; nothing is placed", key));
    }

    /** Orders that are to be replaced, also those that have ended already. */
    List<Order> pending() {
        return pending.stream().flatMap(id -> registry.order(id).stream()).toList();
    }

    /** The other order was refused: tried again while the refusal may pass, until the deadline. */
    void refused(Order order, Refusal refusal) {
        Replacement replacement = order.replacement().orElseThrow();
        Instant again = context.now().plus(RETRY_PAUSE);
        if (refusal.code().retryable() && again.isBefore(replacement.placeBy())) {
            retryAt.put(order.id(), again);
            timers.accept(again, order.id());
            return;
        }
        end(order, Outcome.REFUSED, refusal.code() + " " + refusal.message());
    }

    private void notPlaced(Order order, String why) {
        end(order, Outcome.ABANDONED, why);
    }

    /** Records that the other order was not placed, and alerts. */
    void end(Order order, Outcome outcome, String why) {
        String reason = "the replacement was not placed: " + why;
        context.record(new ReplaceEnded(order.id(), outcome, reason, Optional.empty()));
        context.alert(Level.P2, AlertEvent.REPLACEMENT_NOT_PLACED, order.id(), reason);
    }
}
