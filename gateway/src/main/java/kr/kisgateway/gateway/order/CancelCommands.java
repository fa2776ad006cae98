package kr.kisgateway.gateway.order;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.order.OrderEffect.Answer;

/** Cancels of one order or of many. Always allowed, whatever else is blocked. */
final class CancelCommands {
    /** The reason of an order that never reached the broker. */
    static final String CANCELED_BEFORE_SENDING = "canceled before it was sent";

    private final OrderRegistry registry;
    private final DecisionContext context;
    private final IdempotencyKeys keys;
    private final Replacements replacements;

    CancelCommands(OrderRegistry registry, DecisionContext context, IdempotencyKeys keys, Replacements replacements) {
        this.replacements = replacements;
        this.registry = registry;
        this.context = context;
        this.keys = keys;
    }

    /** Cancels one order. */
    Answer cancelOrder(OrderInput.Cancel cancel) {
        Optional<Order> found = registry.order(cancel.order()).or(cancel::stored);
        if (found.isEmpty()) {
            return DecisionContext.noSuchOrder(cancel.order());
        }
        Order order = found.get();
        String key = cancel.key().orElseGet(() -> defaultKey(order));
        var use = new KeyUse(cancel.scope(), key, "cancel:" + order.id());
        Optional<Answer> byKey =
                keys.findAnswer(use, KeyUse.Kind.CANCEL, cancel.prior(), Optional.of(defaultKey(order)));
        if (byKey.isEmpty() && order.isBeingReplaced()) {
            replacements.abandon(order, Optional.of(use)); // what remains is the cancel
            return new Answer.Accepted(order.id(), KeyUse.Kind.CANCEL, key, false);
        }
        Optional<Answer> byState = stateRefusal(order);
        // Only a key that the client sent marks a repetition; without one it is another cancel.
        Optional<Answer> decided = cancel.key().isPresent() ? byKey.or(() -> byState) : byState.or(() -> byKey);
        if (decided.isPresent()) {
            return decided.get();
        }
        requestCancel(order, use, Optional.empty());
        return new Answer.Accepted(order.id(), KeyUse.Kind.CANCEL, key, false);
    }

    /** The refusal if the order's state allows no further cancel. */
    private static Optional<Answer> stateRefusal(Order order) {
        if (order.status().isTerminal()) {
            return Optional.of(DecisionContext.refusal(
                    ErrorCode.ORDER_ALREADY_TERMINAL,
                    "the order has ended (" + order.status() + "); there is nothing to cancel"));
        }
        if (order.openCancel().isPresent()) {
            return Optional.of(
                    DecisionContext.refusal(ErrorCode.INVALID_TRANSITION, "the order is being cancelled already"));
        }
        return Optional.empty();
    }

    /** Cancels every open order that the call selects. */
    Answer cancelAll(OrderInput.CancelAll all) {
        Optional<Answer> byKey = keys.findAnswer(all);
        if (byKey.isPresent()) {
            return byKey.get();
        }
        List<OrderId> orders =
                cancelOpenOrders(all.filter(), Optional.of(all.key().principal()));
        var call = new ControlEvent.CancelAllRequested(all.key(), orders);
        keys.recordCancelAll(call);
        context.record(call);
        return new Answer.CancelledAll(orders, false);
    }

    /**
     * Cancels the orders that are open and not being cancelled, under keys that no caller can have used.
     *
     * @param by name of the API key that requested it; empty when the settings did
     */
    List<OrderId> cancelOpenOrders(OrderInput.OpenOrderFilter filter, Optional<String> by) {
        List<OrderId> orders = new ArrayList<>();
        for (Order order : registry.open()) {
            if (filter.matches(order) && order.isBeingReplaced()) {
                replacements.abandon(order, Optional.empty());
                orders.add(order.id());
            } else if (filter.matches(order) && order.openCancel().isEmpty()) {
                requestCancel(
                        order,
                        KeyUse.ofGateway(order.terms().accountId(), defaultKey(order), "cancel:" + order.id()),
                        by);
                orders.add(order.id());
            }
        }
        // One that has ended may have another placed in its place in a moment.
        for (Order order : replacements.pending()) {
            if (order.status().isTerminal() && filter.matches(order)) {
                replacements.abandon(order, Optional.empty());
                orders.add(order.id());
            }
        }
        return List.copyOf(orders);
    }

    private void requestCancel(Order order, KeyUse use, Optional<String> by) {
        for (BrokerRequest request : order.requests()) {
            if (request.no() > 1 && request.state() == BrokerRequest.State.PLANNED) {
                supersede(order.id(), request);
            }
        }
        context.record(
                new OrderEvent.CancelRequested(order.id(), order.requests().size() + 1, use, by));
        if (order.status() == OrderStatus.NEW) {
            context.record(new OrderEvent.Canceled(order.id(), order.remaining(), CANCELED_BEFORE_SENDING));
        }
    }

    /** Ends a modification that is not sent any more, because a cancel of the rest was requested after it. */
    void supersede(OrderId id, BrokerRequest modification) {
        context.record(new OrderEvent.BrokerRefused(
                id, modification.no(), "SUPERSEDED", "a cancel arrived before it was sent"));
    }

    /** {@code cancel:{id}}, and from the second one on, after one that the broker refused, {@code cancel:{id}:{n}}. */
    static String defaultKey(Order order) {
        List<BrokerRequest> cancels =
                order.requests().stream().filter(BrokerRequest::isFullCancel).toList();
        int n = cancels.isEmpty()
                ? 1
                : cancels.size() + (cancels.getLast().state() == BrokerRequest.State.REFUSED ? 1 : 0);
        return "cancel:" + order.id() + (n == 1 ? "" : ":" + n);
    }
}
