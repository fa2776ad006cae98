package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One request to the broker on behalf of an order, through all its attempts.
 *
 * @param no position among the order's requests, from 1; 1 is the placing
 * @param qty shares that a partial cancel takes away; 0 means all that is left
 * @param price won that a modification asks for, and once it is acknowledged won that were in force before it
 * @param sendBy when a modification must have left; past it the old terms stay. Cancels have no deadline
 * @param attempts how often sending began
 * @param sentAt when the last attempt began
 * @param excludedOdnos numbers of equal orders that the broker was known to hold before the send, or that an operator found
 *     to be others: none of them is ours
 * @param target the broker's number that a modify or cancel was sent against; 0 before
 * @param orgNo the broker's branch number, needed to cancel; empty until acknowledged
 * @param odno the broker's number of this request, once acknowledged
 */
public record BrokerRequest(
        int no,
        Kind kind,
        State state,
        long qty,
        OptionalLong price,
        Optional<Instant> sendBy,
        int attempts,
        Optional<Instant> sentAt,
        Set<Long> excludedOdnos,
        long target,
        String orgNo,
        OptionalLong odno) {
    /** What is asked of the broker. */
    public enum Kind {
        PLACE,
        /** Another price for all that is left (정정). */
        MODIFY,
        /** All that is left, or some of it, is taken back (취소). */
        CANCEL
    }

    /** How far it got. */
    public enum State {
        /** Decided and durable, not sent. */
        PLANNED,
        /** SendStarted is durable: from here on it may have reached the broker. */
        SENDING,
        /** The broker has it. A cancel is done only when it is confirmed. */
        ACKED,
        REFUSED,
        /** Sent without a readable answer. */
        IN_DOUBT,
        /** A partial cancel that the broker confirmed. */
        DONE
    }

    static BrokerRequest planned(int no, Kind kind) {
        return planned(no, kind, 0, OptionalLong.empty(), Optional.empty());
    }

    static BrokerRequest planned(int no, Kind kind, long qty, OptionalLong price, Optional<Instant> sendBy) {
        return new BrokerRequest(
                no,
                kind,
                State.PLANNED,
                qty,
                price,
                sendBy,
                0,
                Optional.empty(),
                Set.of(),
                0,
                "",
                OptionalLong.empty());
    }

    BrokerRequest startSending(Instant at, Set<Long> excluded, long newTarget) {
        return new BrokerRequest(
                no,
                kind,
                State.SENDING,
                qty,
                price,
                sendBy,
                attempts + 1,
                Optional.of(at),
                excluded,
                newTarget,
                orgNo,
                odno);
    }

    BrokerRequest withState(State next) {
        return new BrokerRequest(
                no, kind, next, qty, price, sendBy, attempts, sentAt, excludedOdnos, target, orgNo, odno);
    }

    /** None of {@code others} is this request. */
    BrokerRequest excluding(Collection<Long> others) {
        Set<Long> excluded = new HashSet<>(excludedOdnos);
        excluded.addAll(others);
        return new BrokerRequest(
                no, kind, state, qty, price, sendBy, attempts, sentAt, Set.copyOf(excluded), target, orgNo, odno);
    }

    /** Acknowledged; {@code before} is the price that was in force until now. */
    BrokerRequest acknowledged(String org, long number, OptionalLong before) {
        return new BrokerRequest(
                no,
                kind,
                State.ACKED,
                qty,
                before,
                sendBy,
                attempts,
                sentAt,
                excludedOdnos,
                target,
                org,
                OptionalLong.of(number));
    }

    /** Whether it may be at the broker without our knowing its number. */
    public boolean isInFlight() {
        return state == State.SENDING || state == State.IN_DOUBT;
    }

    /** Whether something is still to come of it. */
    public boolean isOpen() {
        return switch (state) {
            case PLANNED, SENDING, IN_DOUBT -> true;
            case ACKED -> kind == Kind.CANCEL;
            case REFUSED, DONE -> false;
        };
    }

    /** A cancel of some of the shares only. */
    public boolean isPartialCancel() {
        return kind == Kind.CANCEL && qty > 0;
    }

    /** A cancel of all that is left. */
    public boolean isFullCancel() {
        return kind == Kind.CANCEL && qty == 0;
    }
}
