package kr.kisgateway.gateway.order;

import java.time.LocalDate;
import java.util.List;

/** What can happen to an order. The journal keeps these and nothing else; an {@link Order} is their fold. */
public sealed interface OrderEvent {
    /** The order it happened to. */
    OrderId order();

    /** Every order begins with this; key, hash and acceptance are one fact. */
    record Accepted(OrderId order, Terms terms, KeyUse key, LocalDate tradingDay) implements OrderEvent {}

    /**
     * Sending of a request begins. Durable before the first byte leaves, so that a crash between them is seen.
     *
     * @param attempt from 1
     * @param odnosKnown the broker's numbers that cannot be this request's
     */
    record SendStarted(OrderId order, int request, int attempt, List<Long> odnosKnown) implements OrderEvent {}

    /** The last look before the bytes stopped the send; nothing left. */
    record SendAbandoned(OrderId order, int request, String reason) implements OrderEvent {}

    /** The broker definitely did not take it; it may be tried again. */
    record SendNotTaken(OrderId order, int request, String code, String message) implements OrderEvent {}

    /** It was sent and it is not known what became of it. */
    record SendInDoubt(OrderId order, int request, String code, String message) implements OrderEvent {}

    /** How the broker's number was learned. */
    enum MatchedBy {
        ANSWER,
        /** By comparing what the broker lists with what we sent. */
        INFERENCE
    }

    /** The broker took the request. */
    record BrokerAccepted(OrderId order, int request, String orgNo, long odno, String brokerTime, MatchedBy matchedBy)
            implements OrderEvent {}

    /** The broker answered and refused; nothing was booked. */
    record BrokerRefused(OrderId order, int request, String code, String message) implements OrderEvent {}

    /**
     * Shares were filled.
     *
     * @param noticed shares that an execution notice spoke of; 0 when a query showed the fill
     * @param noticedValue won that the notice spoke of
     * @param fill what counts of it; its qty is 0 when a query had counted these shares already
     */
    record Filled(OrderId order, long noticed, long noticedValue, Fill fill) implements OrderEvent {}

    /** A cancel was accepted by us. */
    record CancelRequested(OrderId order, int request, KeyUse key) implements OrderEvent {}

    /** The rest of the order is gone at the broker, or was never sent. */
    record Canceled(OrderId order, long qty, String reason) implements OrderEvent {}

    /** The order ended without being (fully) done: time ran out. */
    record Expired(OrderId order, String reason) implements OrderEvent {}

    /** The order ended by a refusal. */
    record Rejected(OrderId order, String code, String message) implements OrderEvent {}

    /** The broker was asked and the answer settled nothing. */
    record Unresolved(OrderId order, int request, int candidates, String reason) implements OrderEvent {}
}
