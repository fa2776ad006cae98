package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What can happen to an order. The journal keeps these and nothing else; an {@link Order} is their fold. */
public sealed interface OrderEvent {
    /** The order it happened to. */
    OrderId order();

    /**
     * An order of ours begins with this; key, hash and acceptance are one fact.
     *
     * @param worstPrice won a share that a market buy may cost at most, if that was known
     */
    record Accepted(OrderId order, Terms terms, KeyUse key, LocalDate tradingDay, OptionalLong worstPrice)
            implements OrderEvent {}

    /** An order that somebody placed elsewhere (HTS, phone) begins with this: the broker lists it and we did not send it. */
    record Adopted(OrderId order, Terms terms, LocalDate tradingDay, String orgNo, long odno, String brokerTime)
            implements OrderEvent {}

    /**
     * Sending of a request begins. Durable before the first byte leaves, so that a crash between them is seen.
     *
     * @param attempt from 1
     * @param excludedOdnos the broker's numbers that cannot be this request's
     * @param target the number that a modify or cancel is sent against; 0 for a placing
     */
    record SendStarted(OrderId order, int request, int attempt, List<Long> excludedOdnos, long target)
            implements OrderEvent {}

    /** The last look before the bytes stopped the send; nothing left. */
    record SendAbandoned(OrderId order, int request, String reason) implements OrderEvent {}

    /** The broker definitely did not take it; it may be tried again. */
    record SendNotTaken(OrderId order, int request, String code, String message) implements OrderEvent {}

    /** It was sent and it is not known what became of it. */
    record SendInDoubt(OrderId order, int request, String code, String message) implements OrderEvent {}

    /** How the broker's number was learned. */
    enum MatchedBy {
        ANSWER,
        /** By comparing what the broker lists, or a notice tells, with what we sent. */
        INFERENCE,
        /** By the word of an operator. */
        OPERATOR
    }

    /** The broker took the request. */
    record BrokerAccepted(OrderId order, int request, String orgNo, long odno, String brokerTime, MatchedBy matchedBy)
            implements OrderEvent {}

    /** The broker, or later the exchange, refused; nothing of the request is in force. */
    record BrokerRefused(OrderId order, int request, String code, String message) implements OrderEvent {}

    /** An order that was closed as not found at the broker turned up there after all. It is open again. */
    record LateAcceptance(OrderId order, int request, String orgNo, long odno, String brokerTime)
            implements OrderEvent {}

    /**
     * The broker lists a modification of the order that nobody here asked for: it rests under a new number. An order that
     * looked ended, because its old number was empty, is open again. When the exchange refused that modification, the
     * order is back under a number that it had before; when a clock that was ahead ended it too early, under its last.
     *
     * @param qty shares that rested under the number when it was made, or that rest there again
     */
    record ModifiedOutside(OrderId order, String orgNo, long odno, long qty, OptionalLong price, String brokerTime)
            implements OrderEvent {}

    /**
     * Shares were filled.
     *
     * @param noticedQty shares that an execution notice spoke of; 0 when a query showed the fill
     * @param noticedValue won that the notice spoke of
     * @param fill what counts of it; its qty is 0 when a query had counted these shares already
     */
    record Filled(OrderId order, long noticedQty, long noticedValue, Fill fill) implements OrderEvent {}

    /**
     * A cancel of all that is left was accepted by us.
     *
     * @param sendBy name of the key whose call cancels many orders, or set the kill switch; empty when {@code key} tells it, and
     *     before version 4
     */
    record CancelRequested(OrderId order, int request, KeyUse key, Optional<String> by) implements OrderEvent {}

    /** One request that a modification needs; {@code qty} shares to take away, or a {@code price}. */
    record PlannedRequest(int request, BrokerRequest.Kind kind, long qty, OptionalLong price) {}

    /**
     * A modification was accepted by us.
     *
     * @param qty the order's new quantity, if it changes
     * @param price the new price in won, if it changes
     * @param planned the requests it takes; empty when the order was not sent yet and changes in place
     * @param sendBy when the requests must have left
     */
    record ModifyRequested(
            OrderId order,
            OptionalLong qty,
            OptionalLong price,
            List<PlannedRequest> planned,
            Instant sendBy,
            KeyUse key)
            implements OrderEvent {}

    /**
     * Some of the order's shares were taken back at the broker; the order is smaller from now on.
     *
     * @param request of ours that did it; 0 when it was done elsewhere
     * @param odno the number it rests under
     */
    record Reduced(OrderId order, int request, long odno, long qty) implements OrderEvent {}

    /** The rest of the order is gone at the broker, or was never sent. */
    record Canceled(OrderId order, long qty, String reason) implements OrderEvent {}

    /** The order ended without being (fully) done: time ran out. */
    record Expired(OrderId order, String reason) implements OrderEvent {}

    /** The order ended by a refusal. */
    record Rejected(OrderId order, String code, String message) implements OrderEvent {}

    /** The broker was asked and the answer settled nothing. */
    record Unresolved(OrderId order, int request, int candidates, String reason) implements OrderEvent {}

    /**
     * An operator decided what matching could not.
     *
     * @param excludedOdnos the broker's numbers that the operator was shown and that are not this order
     */
    record Resolved(
            OrderId order, int request, String decision, Optional<String> note, List<Long> excludedOdnos, KeyUse key)
            implements OrderEvent {}

    /** The broker's list changed what we believed; the events before it say how. */
    record Corrected(
            OrderId order,
            OrderStatus internal,
            String broker,
            OrderStatus corrected,
            long filledBefore,
            long filledAfter)
            implements OrderEvent {}
}
