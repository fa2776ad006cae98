package kr.kisgateway.simulation.history;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;

/**
 * A client's request for a parent order under one key, and its last answer.
 *
 * @param kind as the API names it
 * @param parentId present once the gateway acknowledged it
 * @param refused whether the last answer was a refusal
 */
public record ParentCall(String key, String kind, List<Leg> legs, Optional<String> parentId, boolean refused) {
    public ParentCall {
        legs = List.copyOf(legs);
    }

    /** What an order is to the others of its parent order. */
    public enum Role {
        ORDER,
        ENTRY,
        TAKE_PROFIT,
        STOP;

        boolean isExit() {
            return this == TAKE_PROFIT || this == STOP;
        }
    }

    /**
     * One of its orders.
     *
     * @param order with the price 0 for a market order
     * @param until past which it is not placed
     */
    public record Leg(Role role, OrderFingerprint order, Trigger trigger, Instant until) {}

    /** What an order waits for. */
    public sealed interface Trigger {
        /** Nothing. */
        record Now() implements Trigger {}

        record At(Instant at) implements Trigger {}

        /** @param above whether a price at or above this one is waited for, else at or below it */
        record Price(String symbol, boolean above, long price) implements Trigger {}

        /** A price that far below the highest one. */
        record Trail(String symbol, long amount) implements Trigger {}

        /** All shares of another order are filled. */
        record AfterFill(String order) implements Trigger {}
    }

    /** The same call with another last answer. */
    public ParentCall answered(Optional<String> parent, boolean refusedNow) {
        return new ParentCall(key, kind, legs, parent, refusedNow);
    }
}
