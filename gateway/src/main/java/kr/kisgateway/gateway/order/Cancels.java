package kr.kisgateway.gateway.order;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.order.OrderEffect.Answer;

/** Asking for orders to be taken back: one, or many at once. Always allowed, whatever else is not. */
final class Cancels {
    /** The reason of an order that the broker never heard of. */
    static final String NEVER_SENT = "canceled before it was sent";

    private final DayBook book;
    private final Turn turn;
    private final UsedKeys keys;

    Cancels(DayBook book, Turn turn, UsedKeys keys) {
        this.book = book;
        this.turn = turn;
        this.keys = keys;
    }

    /** Takes one order back. */
    Answer one(OrderInput.Cancel cancel) {
        Optional<Order> found = book.order(cancel.order()).or(cancel::stored);
        if (found.isEmpty()) {
            return Turn.noSuchOrder(cancel.order());
        }
        Order order = found.get();
        String key = cancel.key().orElseGet(() -> key(order));
        var use = new KeyUse(cancel.scope(), key, "cancel:" + order.id());
        Optional<Answer> byKey = keys.answer(use, KeyUse.Kind.CANCEL, cancel.prior(), Optional.of(key(order)));
        Optional<Answer> byState = refusal(order);
        // Only a key that the client sent makes a request a repetition; without one it is another cancel.
        Optional<Answer> decided = cancel.key().isPresent() ? byKey.or(() -> byState) : byState.or(() -> byKey);
        if (decided.isPresent()) {
            return decided.get();
        }
        request(order, use, Optional.empty());
        return new Answer.Accepted(order.id(), KeyUse.Kind.CANCEL.word(), key, false);
    }

    /** Why the order's state allows no further cancel, if so. */
    private static Optional<Answer> refusal(Order order) {
        if (order.status().terminal()) {
            return Optional.of(Turn.refusal(
                    ErrorCode.ORDER_ALREADY_TERMINAL,
                    "the order has ended (" + order.status() + "); there is nothing to cancel"));
        }
        if (order.openCancel().isPresent()) {
            return Optional.of(Turn.refusal(ErrorCode.INVALID_TRANSITION, "the order is being cancelled already"));
        }
        return Optional.empty();
    }

    /** Takes back every open order that the call names. */
    Answer many(OrderInput.CancelAll all) {
        Optional<Answer> byKey = keys.answer(all);
        if (byKey.isPresent()) {
            return byKey.get();
        }
        List<OrderId> orders = open(all.which(), Optional.of(all.key().principal()));
        var call = new ControlEvent.CancelAllRequested(all.key(), orders);
        keys.remember(call);
        turn.record(call);
        return new Answer.CancelledAll(orders, false);
    }

    /**
     * Cancels what is open and not being cancelled, under keys that no caller can have used.
     *
     * @param by name of the key that asked for it; empty, the settings did
     */
    List<OrderId> open(OrderInput.Which which, Optional<String> by) {
        List<OrderId> orders = new ArrayList<>();
        for (Order order : book.open()) {
            if (which.takes(order) && order.openCancel().isEmpty()) {
                request(order, KeyUse.ofGateway(order.terms().accountId(), key(order), "cancel:" + order.id()), by);
                orders.add(order.id());
            }
        }
        return List.copyOf(orders);
    }

    private void request(Order order, KeyUse use, Optional<String> by) {
        for (BrokerRequest request : order.requests()) {
            if (request.no() > 1 && request.state() == BrokerRequest.State.PLANNED) {
                turn.record(new OrderEvent.BrokerRefused(
                        order.id(), request.no(), "SUPERSEDED", "a cancel came before it was sent"));
            }
        }
        turn.record(new OrderEvent.CancelRequested(order.id(), order.requests().size() + 1, use, by));
        if (order.status() == OrderStatus.NEW) {
            turn.record(new OrderEvent.Canceled(order.id(), order.remaining(), NEVER_SENT));
        }
    }

    /** {@code cancel:{id}}, and from the second on, after one that the broker refused, {@code cancel:{id}:{n}}. */
    static String key(Order order) {
        List<BrokerRequest> cancels =
                order.requests().stream().filter(BrokerRequest::full).toList();
        int n = cancels.isEmpty()
                ? 1
                : cancels.size() + (cancels.getLast().state() == BrokerRequest.State.REFUSED ? 1 : 0);
        return "cancel:" + order.id() + (n == 1 ? "" : ":" + n);
    }
}
