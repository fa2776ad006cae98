package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A change of an order. The journal stores only these; an {@link Order} is their fold. */
public sealed interface OrderEvent {
    /** The order that changed. */
    OrderId order();

    /**
     * The first event of an own order; key, hash and acceptance are one fact.
     *
     * @param worstPrice that a share of a market buy may cost at most, if known
     */
    record Accepted(OrderId order, Terms terms, KeyUse key, LocalDate tradingDay, OptionalLong worstPrice)
            implements OrderEvent {}

    /** The first event of an order placed elsewhere (HTS, phone): the broker lists it and the gateway did not send it. */
    record Adopted(OrderId order, Terms terms, LocalDate tradingDay, String orgNo, long odno, String brokerTime)
            implements OrderEvent {}

    /**
     * The sending of a request starts. Durable before the first byte leaves, so that a crash between them is detected.
     *
     * @param attempt from 1
     * @param excludedOdnos the broker's numbers that cannot be this request's
     * @param target the number that a modify or cancel refers to; 0 for a placing
     */
    record SendStarted(OrderId order, int request, int attempt, List<Long> excludedOdnos, long target)
            implements OrderEvent {}

    /** The last check before the send stopped it; nothing was sent. */
    record SendAbandoned(OrderId order, int request, String reason) implements OrderEvent {}

    /** The broker definitely did not accept it; it may be retried. */
    record SendNotTaken(OrderId order, int request, String code, String message) implements OrderEvent {}

    /** It was sent and its result is unknown. */
    record SendInDoubt(OrderId order, int request, String code, String message) implements OrderEvent {}

    /** How the broker's number was learned. */
    enum MatchedBy {
        ANSWER,
        /** By comparing the broker's list or a notice with what was sent. */
        INFERENCE,
        /** By the decision of an operator. */
        OPERATOR
    }

    /** The broker accepted the request. */
    record BrokerAccepted(OrderId order, int request, String orgNo, long odno, String brokerTime, MatchedBy matchedBy)
            implements OrderEvent {}

    /** The broker, or later the exchange, refused; nothing of the request is in force. */
    record BrokerRefused(OrderId order, int request, String code, String message) implements OrderEvent {}

    /** An order that was closed as not found at the broker appeared there after all. It is open again. */
    record LateAcceptance(OrderId order, int request, String orgNo, long odno, String brokerTime)
            implements OrderEvent {}

    /**
     * The broker lists a modification that the gateway did not send: the order rests under a new number. An order that
     * seemed ended, because its old number was empty, is open again. When the exchange refused that modification, the
     * order is back under an earlier number; when a fast clock ended it too early, under its last one.
     *
     * @param qty shares that rested under the number when it was assigned, or that rest there again
     */
    record ModifiedOutside(OrderId order, String orgNo, long odno, long qty, OptionalLong price, String brokerTime)
            implements OrderEvent {}

    /**
     * Shares were filled.
     *
     * @param noticedQty shares in the execution notice; 0 when a query showed the fill
     * @param noticedValue the amount in the notice, in units of the currency
     * @param fill the part that counts; its qty is 0 when a query had counted these shares already
     */
    record Filled(OrderId order, long noticedQty, long noticedValue, Fill fill) implements OrderEvent {}

    /**
     * The gateway accepted a cancel of the rest.
     *
     * @param by name of the API key whose call cancels many orders, or set the kill switch; empty when {@code key} has it, and
     *     before version 4
     */
    record CancelRequested(OrderId order, int request, KeyUse key, Optional<String> by) implements OrderEvent {}

    /** One request of a modification; {@code qty} shares to remove, or a {@code price}. */
    record PlannedRequest(int request, BrokerRequest.Kind kind, long qty, OptionalLong price) {}

    /**
     * The gateway accepted a modification.
     *
     * @param qty the order's new quantity, if it changes
     * @param price the new price, if it changes
     * @param planned the requests needed; empty when the order was not sent yet and changes in place
     * @param sendBy the deadline for sending the requests
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
     * The gateway accepted to replace the order by another for more shares: it is cancelled, and the rest is placed once that is
     * proven.
     *
     * @param request the cancel
     * @param successor id of the order to place
     * @param qty shares of both together
     * @param price the other order's price, if it changes
     * @param placeBy deadline for placing it
     */
    record ReplaceRequested(
            OrderId order, int request, OrderId successor, long qty, OptionalLong price, Instant placeBy, KeyUse key)
            implements OrderEvent {}

    /**
     * What became of a replacement; the other order's own first event is in the same commit.
     *
     * @param key of the cancel that ended it
     */
    record ReplaceEnded(OrderId order, Replacement.Outcome outcome, String reason, Optional<KeyUse> key)
            implements OrderEvent {}

    /**
     * Some of the order's shares were removed at the broker; the order is smaller from now on.
     *
     * @param request the own request that removed them; 0 when it was done elsewhere
     * @param odno the number it rests under
     */
    record Reduced(OrderId order, int request, long odno, long qty) implements OrderEvent {}

    /** The rest of the order was cancelled at the broker, or was never sent. */
    record Canceled(OrderId order, long qty, String reason) implements OrderEvent {}

    /** The order ended without being (fully) filled: its time ran out. */
    record Expired(OrderId order, String reason) implements OrderEvent {}

    /** The order ended by a refusal. */
    record Rejected(OrderId order, String code, String message) implements OrderEvent {}

    /** The broker was queried and the answer settled nothing. */
    record Unresolved(OrderId order, int request, int candidates, String reason) implements OrderEvent {}

    /**
     * An operator settled a request that matching could not.
     *
     * @param excludedOdnos the broker's numbers that the operator was shown and that are not this order
     */
    record Resolved(
            OrderId order, int request, String decision, Optional<String> note, List<Long> excludedOdnos, KeyUse key)
            implements OrderEvent {}

    /**
     * A market order was found resting in continuous trading, where it should be filled at once; operators were alerted, and nothing is
     * sent for it.
     *
     * @param rested since it was sent
     * @param filled shares filled by then
     */
    record FoundResting(OrderId order, Duration rested, long filled) implements OrderEvent {}

    /** The broker's list corrected the order; the events before it show how. */
    record Corrected(
            OrderId order,
            OrderStatus internal,
            String broker,
            OrderStatus corrected,
            long filledBefore,
            long filledAfter)
            implements OrderEvent {}
}
