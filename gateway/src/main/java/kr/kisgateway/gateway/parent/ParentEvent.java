package kr.kisgateway.gateway.parent;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderStatus;

/** A change of a parent order. The journal stores only these; a {@link Parent} is their fold. */
public sealed interface ParentEvent {
    /** The journal's stream of these events; never an account's alias. */
    String STREAM = "parents";

    /** The parent order that changed. */
    ParentId parent();

    /** An event of one of its legs, which are numbered from 0. */
    sealed interface OfLeg extends ParentEvent {
        int leg();
    }

    /** The first event: key, hash and acceptance are one fact. */
    record Accepted(ParentId parent, Plan plan, KeyUse key) implements ParentEvent {}

    /**
     * It was changed: what waits, and how many shares the orders at the exchange are to have.
     *
     * @param dropped legs that are not placed any more
     * @param key of the request, if it had one
     */
    record Modified(ParentId parent, Plan plan, Set<Integer> dropped, Optional<KeyUse> key) implements ParentEvent {
        public Modified {
            dropped = Set.copyOf(dropped);
        }
    }

    /** A trailing leg has seen a better price. */
    record BestMoved(ParentId parent, int leg, long price) implements OfLeg {}

    /** The first price after an absence of the gateway is one that triggers: it is not placed before somebody has decided. */
    record Held(ParentId parent, int leg, long price) implements OfLeg {}

    /**
     * What a leg waited for has happened.
     *
     * @param price of the trade; 0 where it was no price
     * @param by name of the API key that decided so
     * @param key of its request, if that had one
     */
    record Triggered(ParentId parent, int leg, long price, Optional<String> by, Optional<KeyUse> key) implements OfLeg {
        /** Nobody decided so. */
        static Triggered byItself(ParentId parent, int leg, long price) {
            return new Triggered(parent, leg, price, Optional.empty(), Optional.empty());
        }
    }

    /** An order is about to be placed under this id; durable before, so that after a crash it is found, or placed again. */
    record ChildStarted(ParentId parent, int leg, OrderId child, long qty) implements OfLeg {}

    /**
     * An order ended.
     *
     * @param filled its shares
     * @param another whether another follows for the rest
     * @param price the price that it had last, which the other one has, too; empty without another
     */
    record ChildEnded(
            ParentId parent,
            int leg,
            OrderId child,
            OrderStatus status,
            long filled,
            String reason,
            boolean another,
            OptionalLong price)
            implements OfLeg {}

    /** A leg places no order, or no other one. */
    record Unplaced(ParentId parent, int leg, Parent.Outcome outcome, String reason) implements OfLeg {}

    /**
     * A cancel of its orders was requested.
     *
     * @param by name of the API key
     */
    record CancelRequested(ParentId parent, String by) implements ParentEvent {}

    /** It places no further order; those at the exchange stay. */
    record Stopped(ParentId parent, String reason) implements ParentEvent {}

    /** @param by name of the API key whose request ended it */
    record Ended(ParentId parent, Parent.Outcome outcome, String reason, Optional<String> by) implements ParentEvent {}
}
