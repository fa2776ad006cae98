package kr.kisgateway.gateway.parent;

import java.util.Optional;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.OrderId;

/** A change of a parent order. The journal stores only these; a {@link Parent} is their fold. */
public sealed interface ParentEvent {
    /** The journal's stream of these events; never an account's alias. */
    String STREAM = "parents";

    /** The parent order that changed. */
    ParentId parent();

    /** The first event: key, hash and acceptance are one fact. */
    record Accepted(ParentId parent, Schedule schedule, KeyUse key) implements ParentEvent {}

    /** Its order was changed before it was placed. */
    record Modified(ParentId parent, Schedule schedule) implements ParentEvent {}

    /** Its order is about to be placed under this id; durable before, so that after a crash it is found, or placed again. */
    record ChildStarted(ParentId parent, OrderId child) implements ParentEvent {}

    /**
     * A cancel of its order was requested.
     *
     * @param by name of the API key
     */
    record CancelRequested(ParentId parent, String by) implements ParentEvent {}

    /** @param by name of the API key whose request ended it */
    record Ended(ParentId parent, Parent.Outcome outcome, String reason, Optional<String> by) implements ParentEvent {}
}
