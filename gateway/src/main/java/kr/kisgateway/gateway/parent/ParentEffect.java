package kr.kisgateway.gateway.parent;

import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.Terms;

/** An effect to carry out once the events of the same step are durable. */
public sealed interface ParentEffect {
    /** Answer the caller that waits under {@code ticket}. */
    record Reply(long ticket, Answer answer) implements ParentEffect {}

    /**
     * Place an order under this id.
     *
     * @param routed whether its venue is chosen first
     */
    record Place(ParentId id, OrderId child, Terms terms, boolean routed) implements ParentEffect {}

    /** Look an order up in the journal. */
    record Find(OrderId order) implements ParentEffect {}

    /**
     * Cancel an order.
     *
     * @param attempt 0 for the first request, another number for each later one
     */
    record CancelChild(ParentId id, OrderId child, long attempt) implements ParentEffect {}

    /** Make an order smaller. */
    record ResizeChild(ParentId id, OrderId child, long qty) implements ParentEffect {}

    /** Alert operators about a parent order. */
    record Alert(ParentAlert kind, ParentId id, String message) implements ParentEffect {}

    /** The cause of an alert about a parent order that is open is over. */
    record AlertSettled(ParentAlert kind, ParentId id) implements ParentEffect {}

    /** The answer to a caller. */
    sealed interface Answer {
        /** @param replay whether an earlier use of the key is answered */
        record Accepted(ParentId id, boolean replay) implements Answer {}

        record Refused(Refusal refusal) implements Answer {}
    }
}
