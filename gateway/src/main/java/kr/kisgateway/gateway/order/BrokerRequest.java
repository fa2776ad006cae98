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
 * @param qty shares that a partial cancel removes; 0 means the whole rest
 * @param price that a modification requests, and once it is acknowledged the one in force before it
 * @param sendBy the deadline for sending a modification; past it the old terms stay. Cancels have no deadline
 * @param attempts how often sending started
 * @param sentAt when the last attempt started
 * @param excludedOdnos numbers of equal orders recorded at the broker before the send, or excluded by an operator: none
 *     of them is this request
 * @param target the broker's number that a modify or cancel was sent for; 0 before
 * @param orgNo the broker's branch number, needed to cancel; empty until acknowledged
 * @param odno the broker's number of this request, once acknowledged
 * @param refusedForPrice whether the broker refused it for its price
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
        OptionalLong odno,
        boolean refusedForPrice) {
    /** The kind of request. */
    public enum Kind {
        PLACE,
        /** A new price for the whole rest (정정). */
        MODIFY,
        /** A cancel of the rest, or of a part of it (취소). */
        CANCEL
    }

    /** Its progress. */
    public enum State {
        /** Decided and durable, not sent. */
        PLANNED,
        /** SendStarted is durable: from now on it may have reached the broker. */
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
                OptionalLong.empty(),
                false);
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
                odno,
                false);
    }

    BrokerRequest withState(State next) {
        return new BrokerRequest(
                no,
                kind,
                next,
                qty,
                price,
                sendBy,
                attempts,
                sentAt,
                excludedOdnos,
                target,
                orgNo,
                odno,
                refusedForPrice);
    }

    /** The request, which the broker refused with this code and text. */
    BrokerRequest refused(String code, String text) {
        return new BrokerRequest(
                no,
                kind,
                State.REFUSED,
                qty,
                price,
                sendBy,
                attempts,
                sentAt,
                excludedOdnos,
                target,
                orgNo,
                odno,
                PriceRefusal.is(code, text));
    }

    /** The request with {@code others} excluded as matches. */
    BrokerRequest excluding(Collection<Long> others) {
        Set<Long> excluded = new HashSet<>(excludedOdnos);
        excluded.addAll(others);
        return new BrokerRequest(
                no,
                kind,
                state,
                qty,
                price,
                sendBy,
                attempts,
                sentAt,
                Set.copyOf(excluded),
                target,
                orgNo,
                odno,
                refusedForPrice);
    }

    /** The request acknowledged; {@code before} is the price in force until now. */
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
                org.intern(), // one text for all orders in memory
                OptionalLong.of(number),
                false);
    }

    /** Whether it may be at the broker while its number is unknown. */
    public boolean isInFlight() {
        return state == State.SENDING || state == State.IN_DOUBT;
    }

    /** Whether it is not finished. */
    public boolean isOpen() {
        return switch (state) {
            case PLANNED, SENDING, IN_DOUBT -> true;
            case ACKED -> kind == Kind.CANCEL;
            case REFUSED, DONE -> false;
        };
    }

    /** Whether it cancels a part of the rest. */
    public boolean isPartialCancel() {
        return kind == Kind.CANCEL && qty > 0;
    }

    /** Whether it cancels the whole rest. */
    public boolean isFullCancel() {
        return kind == Kind.CANCEL && qty == 0;
    }
}
