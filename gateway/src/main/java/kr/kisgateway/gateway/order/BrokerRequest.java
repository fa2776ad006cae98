package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One request to the broker on behalf of an order, through all its attempts.
 *
 * @param no position among the order's requests, from 1; 1 is the placing
 * @param attempts how often sending began
 * @param sentAt when the last attempt began
 * @param odnosKnown numbers of equal orders that the broker was known to hold before the send: none of them is ours
 * @param orgNo the broker's branch number, needed to cancel; empty until acknowledged
 * @param odno the broker's number of this request, once acknowledged
 */
public record BrokerRequest(
        int no,
        Kind kind,
        State state,
        int attempts,
        Optional<Instant> sentAt,
        Set<Long> odnosKnown,
        String orgNo,
        OptionalLong odno) {
    /** What is asked of the broker. */
    public enum Kind {
        PLACE,
        CANCEL
    }

    /** How far it got. */
    public enum State {
        /** Decided and durable, not sent. */
        PLANNED,
        /** SendStarted is durable: from here on it may have reached the broker. */
        SENDING,
        ACKED,
        REFUSED,
        /** Sent without a readable answer. */
        IN_DOUBT
    }

    static BrokerRequest planned(int no, Kind kind) {
        return new BrokerRequest(no, kind, State.PLANNED, 0, Optional.empty(), Set.of(), "", OptionalLong.empty());
    }

    BrokerRequest sending(Instant at, Set<Long> known) {
        return new BrokerRequest(no, kind, State.SENDING, attempts + 1, Optional.of(at), known, orgNo, odno);
    }

    BrokerRequest in(State next) {
        return new BrokerRequest(no, kind, next, attempts, sentAt, odnosKnown, orgNo, odno);
    }

    BrokerRequest acked(String org, long number) {
        return new BrokerRequest(no, kind, State.ACKED, attempts, sentAt, odnosKnown, org, OptionalLong.of(number));
    }

    /** Whether it may be at the broker without our knowing its number. */
    public boolean onItsWay() {
        return state == State.SENDING || state == State.IN_DOUBT;
    }
}
