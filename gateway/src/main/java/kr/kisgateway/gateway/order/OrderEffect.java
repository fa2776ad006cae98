package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.LocalDate;
import kr.kisgateway.gateway.error.Refusal;

/** What is to be done once the events of the same step are durable. */
public sealed interface OrderEffect {
    /** Answer the caller that waits under {@code ticket}. */
    record Reply(long ticket, Answer answer) implements OrderEffect {}

    /** Ask the budget for a slot. */
    record RequestSlot(OrderId order, int request, Broker.Lane lane, Instant deadline) implements OrderEffect {}

    /** Give the slot of a request back. */
    record ReleaseSlot(OrderId order, int request) implements OrderEffect {}

    /** Send the placing, unless {@code terms.dispatchBy} has passed meanwhile. */
    record SendPlace(OrderId order, int request, Terms terms) implements OrderEffect {}

    /** Send the cancel of all that is left of the broker's order {@code odno}. */
    record SendCancel(OrderId order, int request, Terms terms, String orgNo, long odno) implements OrderEffect {}

    /** Ask the broker for its list of a day. */
    record AskBroker(LocalDate day) implements OrderEffect {}

    /** The order changed; tell who listens. */
    record Changed(Order order) implements OrderEffect {}

    /** A fill counts; tell who listens. */
    record Executed(Order order, Fill fill) implements OrderEffect {}

    /** Tell the operator. */
    record Alert(String event, String message) implements OrderEffect {}

    /** What a caller hears. */
    sealed interface Answer {
        /**
         * Accepted, now or by an earlier use of the key.
         *
         * @param word {@code ACCEPTED} or {@code CANCEL_PENDING}
         */
        record Accepted(OrderId order, String word, String key, boolean replay) implements Answer {}

        record Refused(Refusal refusal) implements Answer {}
    }
}
