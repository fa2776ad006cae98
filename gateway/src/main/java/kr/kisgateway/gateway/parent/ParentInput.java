package kr.kisgateway.gateway.parent;

import java.util.Optional;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.Order;

/** The inputs of the {@link ParentCore}. */
sealed interface ParentInput {
    /**
     * A request to create a parent order.
     *
     * @param ticket names the waiting caller
     * @param prior the parent order of an earlier use of the key
     */
    record Submit(long ticket, ParentId id, Schedule schedule, KeyUse key, Optional<Parent> prior)
            implements ParentInput {}

    /** A request to change the order before it is placed. */
    record Modify(long ticket, ParentId id, Schedule schedule) implements ParentInput {}

    /**
     * A request to end it: its order is not placed, or is cancelled.
     *
     * @param by name of the API key
     */
    record Cancel(long ticket, ParentId id, String by) implements ParentInput {}

    /** The order desk answered the placing of its order: a refusal, or none. */
    record ChildAnswered(ParentId id, Optional<Refusal> refusal) implements ParentInput {}

    /** The order as the journal has it, or none. */
    record ChildFound(ParentId id, Optional<Order> order) implements ParentInput {}

    /** The order desk answered the cancel of its order. */
    record CancelAnswered(ParentId id, Optional<Refusal> refusal) implements ParentInput {}

    /** An order ended. */
    record ChildEnded(Order order) implements ParentInput {}

    /** Ends of orders may have been missed. */
    record EndsMissed() implements ParentInput {}

    /** An API key was revoked or has expired. */
    record KeyEnded(String principal) implements ParentInput {}

    /** A timer of the core is due. */
    record TimerDue() implements ParentInput {}
}
