package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;

/** Everything that can be said to the {@link OrderCore}. */
public sealed interface OrderInput {
    /**
     * An order is asked for; its contract was checked.
     *
     * @param ticket names the waiting caller
     * @param reference price in won to judge a market order by, if one is known
     * @param position what a sell may sell
     * @param prior what the store knows of the key
     */
    record Place(
            long ticket,
            OrderId order,
            Terms terms,
            KeyUse key,
            OptionalLong reference,
            Position position,
            Optional<PriorUse> prior)
            implements OrderInput {}

    /**
     * A cancel is asked for.
     *
     * @param key the caller's own key; absent, it is made from the order id
     * @param stored the order as the store has it, when it may be too old to be in memory
     */
    record Cancel(
            long ticket,
            OrderId order,
            String scope,
            Optional<String> key,
            Optional<Order> stored,
            Optional<PriorUse> prior)
            implements OrderInput {}

    /** The budget gave a slot for a request; the shell holds it. */
    record SlotGranted(OrderId order, int request) implements OrderInput {}

    /** The budget had no slot before the deadline. */
    record SlotTimedOut(OrderId order, int request) implements OrderInput {}

    /** The last look before the bytes stopped a send. */
    record SendStopped(OrderId order, int request, String reason) implements OrderInput {}

    /** A send came back. */
    record Answered(OrderId order, int request, Broker.Outcome outcome) implements OrderInput {}

    /** An execution notice arrived. */
    record Noticed(Broker.Notice notice) implements OrderInput {}

    /** The broker's list of {@code day} arrived, or did not. */
    record ListArrived(LocalDate day, Broker.Listing listing) implements OrderInput {}

    /** Notices may have been missed: the socket was away. */
    record NoticesMissed(String cause) implements OrderInput {}

    /** A moment that the core asked to be woken for has come. */
    record TimerDue() implements OrderInput {}

    /** What may be sold of a symbol. */
    sealed interface Position {
        /** A buy needs none. */
        record NotNeeded() implements Position {}

        /** Sellable shares as the broker said at {@code askedAt}. */
        record Known(long sellable, Instant askedAt) implements Position {}

        record Unavailable(String reason) implements Position {}
    }

    /** An earlier use of a key. */
    record PriorUse(String hash, OrderId order, KeyUse.Kind kind) {}
}
