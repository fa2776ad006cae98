package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.error.Refusal;

/** What is to be done once the events of the same step are durable. */
public sealed interface OrderEffect {
    /** Answer the caller that waits under {@code ticket}. */
    record Reply(long ticket, Answer answer) implements OrderEffect {}

    /** Ask the budget for a slot. Which request it will carry is decided when it is granted. */
    record RequestSlot(long slot, Broker.Lane lane, String tenant, Instant deadline) implements OrderEffect {}

    /** Give a slot back. */
    record ReleaseSlot(long slot) implements OrderEffect {}

    /** A request that leaves with a slot, unless the last look stops it. */
    sealed interface Send extends OrderEffect {
        long slot();

        OrderId order();

        int request();
    }

    /** Send the placing, unless {@code terms.dispatchBy} has passed meanwhile. */
    record SendPlace(long slot, OrderId order, int request, Terms terms) implements Send {}

    /** Give all that is left of the broker's order {@code odno} another price, unless {@code by} has passed. */
    record SendModify(
            long slot, OrderId order, int request, Terms terms, String orgNo, long odno, long price, Instant by)
            implements Send {}

    /** Take back {@code qty} shares of the broker's order {@code odno}, or everything that is left of it. */
    record SendCancel(
            long slot, OrderId order, int request, Terms terms, String orgNo, long odno, long qty, boolean all)
            implements Send {}

    /** Ask the broker for its list of a day. */
    record RequestDailyOrders(LocalDate day, Instant at) implements OrderEffect {}

    /** Placing and modifying are allowed, or not; the last look before the bytes goes by it. */
    record KillSwitchChanged(Optional<ControlEvent.KillSwitchSet> killSwitch) implements OrderEffect {
        /** Why, when it is on. */
        public Optional<String> reason() {
            return killSwitch.map(ControlEvent.KillSwitchSet::reason);
        }
    }

    /** The order changed; tell who listens. */
    record OrderChanged(Order order) implements OrderEffect {}

    /** A fill counts; tell who listens. */
    record FillExecuted(Order order, Fill fill) implements OrderEffect {}

    /** How much an alert matters. */
    enum Level {
        /** Money may be at risk; somebody has to look now. */
        P1,
        /** Something is wrong and is being worked on. */
        P2,
        /** Worth knowing. */
        P3
    }

    /**
     * The operator has to know of it.
     *
     * @param subject what it is about; with {@code kind} it finds the alert when it is over
     * @param by name of the key that did it, or whose order it is about
     */
    record Alert(
            Level level, AlertEvent kind, String subject, String message, Optional<OrderId> order, Optional<String> by)
            implements OrderEffect {
        /** The word of its kind. */
        public String event() {
            return kind.publicName();
        }
    }

    /** What the alerts of {@code kind} about {@code subject} report is over. */
    record AlertSettled(AlertEvent kind, String subject) implements OrderEffect {}

    /** What a caller hears. */
    sealed interface Answer {
        /**
         * Accepted, now or by an earlier use of the key.
         *
         * @param status {@code ACCEPTED}, {@code MODIFY_PENDING}, {@code CANCEL_PENDING} or {@code RESOLVED}
         */
        record Accepted(OrderId order, String status, String key, boolean replay) implements Answer {}

        record Refused(Refusal refusal) implements Answer {}

        /** Every check was passed and nothing was placed. */
        record ChecksPassed() implements Answer {}

        /** It was done. */
        record Done() implements Answer {}

        /** One answer for each order of a batch, in its order. */
        record Batch(List<Answer> answers) implements Answer {}

        /** The open orders whose cancel was asked for. */
        record CancelledAll(List<OrderId> orders, boolean replay) implements Answer {}

        /** What a reconciliation found. */
        record Reconciled(long checked, long mismatched, long corrected, long adopted, List<Correction> corrections)
                implements Answer {}

        /** The kill switch stands as asked; {@code open} orders were open at that moment. */
        record KillSwitchStatus(boolean on, List<Order> open) implements Answer {}
    }

    /** What the broker knew better about one order. */
    record Correction(OrderId order, OrderStatus internal, String broker, OrderStatus corrected, Instant at) {}
}
