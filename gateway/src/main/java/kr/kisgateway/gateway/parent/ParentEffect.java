package kr.kisgateway.gateway.parent;

import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.OrderId;

/** An effect to carry out once the events of the same step are durable. */
sealed interface ParentEffect {
    /** Answer the caller that waits under {@code ticket}. */
    record Reply(long ticket, Answer answer) implements ParentEffect {}

    /** Place its order under this id. */
    record Place(ParentId id, OrderId child) implements ParentEffect {}

    /** Look its order up in the journal. */
    record Find(ParentId id, OrderId child) implements ParentEffect {}

    /** Cancel its order. */
    record CancelChild(ParentId id, OrderId child) implements ParentEffect {}

    /** Alert operators that its order was not placed. */
    record AlertNotPlaced(ParentId id, String message) implements ParentEffect {}

    /** The answer to a caller. */
    sealed interface Answer {
        /** @param replay whether an earlier use of the key is answered */
        record Accepted(ParentId id, boolean replay) implements Answer {}

        record Refused(Refusal refusal) implements Answer {}
    }
}
