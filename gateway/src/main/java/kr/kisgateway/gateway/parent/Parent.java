package kr.kisgateway.gateway.parent;

import java.time.Instant;
import java.util.Optional;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.OrderId;

/**
 * A parent order: the fold of its events.
 *
 * @param key the request that created it
 * @param number position of its first event in the journal: a short number of its own
 * @param seq position of its last event
 * @param child its order, once it is about to be placed
 * @param cancelBy name of the API key that cancelled its order, or ended it
 * @param outcome empty while it is open
 * @param reason why it ended
 */
public record Parent(
        ParentId id,
        Schedule schedule,
        KeyUse key,
        long number,
        Instant createdAt,
        Instant updatedAt,
        long seq,
        Optional<OrderId> child,
        Optional<String> cancelBy,
        Optional<Outcome> outcome,
        Optional<String> reason) {
    /** How it ended. */
    public enum Outcome {
        /** Its order was placed and has ended, filled or not. */
        COMPLETED,
        CANCELED,
        /** Its order was refused when it was to be placed. */
        REFUSED,
        /** Its order could not be placed in its time. */
        MISSED
    }

    static Parent create(ParentEvent.Accepted event, long seq, Instant at) {
        return new Parent(
                event.parent(),
                event.schedule(),
                event.key(),
                seq,
                at,
                at,
                seq,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    Parent apply(ParentEvent event, long eventSeq, Instant at) {
        return switch (event) {
            case ParentEvent.Accepted _ -> throw new IllegalStateException(id + " was accepted before");
            case ParentEvent.Modified e ->
                new Parent(id, e.schedule(), key, number, createdAt, at, eventSeq, child, cancelBy, outcome, reason);
            case ParentEvent.ChildStarted e ->
                new Parent(
                        id,
                        schedule,
                        key,
                        number,
                        createdAt,
                        at,
                        eventSeq,
                        Optional.of(e.child()),
                        cancelBy,
                        outcome,
                        reason);
            case ParentEvent.CancelRequested e ->
                new Parent(
                        id,
                        schedule,
                        key,
                        number,
                        createdAt,
                        at,
                        eventSeq,
                        child,
                        Optional.of(e.by()),
                        outcome,
                        reason);
            case ParentEvent.Ended e ->
                new Parent(
                        id,
                        schedule,
                        key,
                        number,
                        createdAt,
                        at,
                        eventSeq,
                        child,
                        cancelBy.or(e::by),
                        Optional.of(e.outcome()),
                        Optional.of(e.reason()));
        };
    }

    /** {@code WAITING} until its order is about to be placed, then {@code WORKING}, then its outcome. */
    public String status() {
        return outcome.map(Enum::name).orElse(child.isPresent() ? "WORKING" : "WAITING");
    }

    public boolean isOpen() {
        return outcome.isEmpty();
    }

    /** Whether its order may still be changed here. */
    public boolean isWaiting() {
        return outcome.isEmpty() && child.isEmpty();
    }

    /** The idempotency key of its order. */
    String childKey() {
        return "parent:" + id;
    }
}
