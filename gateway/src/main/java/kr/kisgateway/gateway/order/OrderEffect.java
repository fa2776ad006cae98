package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.risk.DailyAmountLeft;
import kr.kisgateway.gateway.risk.RiskFacts;
import kr.kisgateway.gateway.risk.RiskUsage;
import kr.kisgateway.market.TradingDay;

/** An effect to carry out once the events of the same step are durable. */
public sealed interface OrderEffect {
    /** Answer the caller that waits under {@code ticket}. */
    record Reply(long ticket, Answer answer) implements OrderEffect {}

    /** Request a slot from the budget. Which request takes it is decided when it is granted. */
    record RequestSlot(long slot, String account, Broker.Lane lane, String tenant, Instant deadline)
            implements OrderEffect {
        SendQueue.BudgetShare share() {
            return new SendQueue.BudgetShare(account, lane, tenant);
        }
    }

    /** Release a slot. */
    record ReleaseSlot(long slot) implements OrderEffect {}

    /** A request to send with a slot, unless the last check stops it. */
    sealed interface Send extends OrderEffect {
        long slot();

        OrderId order();

        int request();
    }

    /** Send the placing, unless {@code terms.dispatchBy} has passed meanwhile. */
    record SendPlace(long slot, OrderId order, int request, Terms terms) implements Send {}

    /** Re-price the rest of the broker's order {@code odno}, {@code qty} shares, unless {@code by} has passed. */
    record SendModify(
            long slot,
            OrderId order,
            int request,
            Terms terms,
            String orgNo,
            long odno,
            long qty,
            long price,
            Instant by)
            implements Send {}

    /** Cancel {@code qty} shares of the broker's order {@code odno}, or its rest. */
    record SendCancel(
            long slot, OrderId order, int request, Terms terms, String orgNo, long odno, long qty, boolean all)
            implements Send {}

    /** Load the facts for placing the order that replaces {@code original}, whose end is proven. */
    record LoadReplacement(Order original) implements OrderEffect {}

    /** Request the broker's list of a day. */
    record RequestDailyOrders(AccountDay day, Instant at) implements OrderEffect {}

    /** Placing and modifying are allowed, or not; the last check before a send applies it. */
    record KillSwitchChanged(Optional<ControlEvent.KillSwitchSet> killSwitch) implements OrderEffect {
        /** The reason, when it is on. */
        public Optional<String> reason() {
            return killSwitch.map(ControlEvent.KillSwitchSet::reason);
        }
    }

    /** The order changed; notify the listeners. */
    record OrderChanged(Order order) implements OrderEffect {}

    /** A fill counts; notify the listeners. */
    record FillExecuted(Order order, Fill fill) implements OrderEffect {}

    /** The severity of an alert. */
    enum Level {
        /** Money may be at risk; an operator has to act now. */
        P1,
        /** Something is wrong and is being handled. */
        P2,
        /** For information. */
        P3
    }

    /**
     * An alert for operators.
     *
     * @param subject what it is about; with {@code kind} it identifies the alert when it settles
     * @param by name of the API key that caused it, or of the order it is about
     */
    record Alert(
            Level level, AlertEvent kind, String subject, String message, Optional<OrderId> order, Optional<String> by)
            implements OrderEffect {
        /** The name of its kind. */
        public String event() {
            return kind.publicName();
        }
    }

    /** The condition of the alerts of {@code kind} about {@code subject} is over. */
    record AlertSettled(AlertEvent kind, String subject) implements OrderEffect {}

    /** The answer to a caller. */
    sealed interface Answer {
        /** Why an order is refused, or would be. */
        default Optional<Refusal> reason() {
            return switch (this) {
                case Refused(Refusal refusal) -> Optional.of(refusal);
                case Previewed previewed -> previewed.refusal();
                case Accepted _,
                        ChecksPassed _,
                        Done _,
                        Appended _,
                        Batch _,
                        CancelledAll _,
                        CashAvailable _,
                        DailyAmount _,
                        Reconciled _,
                        KillSwitchStatus _ -> Optional.empty();
            };
        }

        /**
         * Accepted, now or by an earlier use of the key.
         *
         * @param kind what was requested
         */
        record Accepted(OrderId order, KeyUse.Kind kind, String key, boolean replay) implements Answer {
            /** {@code ACCEPTED}, {@code MODIFY_PENDING}, {@code CANCEL_PENDING} or {@code RESOLVED}. */
            public String status() {
                return kind.acceptedStatus();
            }
        }

        record Refused(Refusal refusal) implements Answer {}

        /** Every check passed and nothing was placed. */
        record ChecksPassed() implements Answer {}

        /**
         * What placing an order would do; nothing was placed.
         *
         * @param refusal what placing would be answered; empty when it would be accepted
         * @param day trading day that it would belong to
         * @param restsUntil first instant at which it certainly no longer rests; empty where the market never closes
         */
        record Previewed(
                Optional<Refusal> refusal,
                RiskUsage usage,
                RiskFacts.TradingWindow window,
                TradingDay day,
                Optional<Instant> restsUntil)
                implements Answer {}

        /** The request was carried out. */
        record Done() implements Answer {}

        /**
         * Entries of another capability are durable.
         *
         * @param firstSeq position of the first
         * @param at the time that they have
         */
        record Appended(long firstSeq, Instant at) implements Answer {}

        /** One answer for each order of a batch, in its order. */
        record Batch(List<Answer> answers) implements Answer {}

        /** The open orders for which a cancel was requested. */
        record CancelledAll(List<OrderId> orders, boolean replay) implements Answer {}

        /** Won that a further buy may cost; empty when it is unknown. */
        record CashAvailable(OptionalLong amount) implements Answer {}

        /** What the day's buys may still cost; empty where no limit bounds it. */
        record DailyAmount(Optional<DailyAmountLeft> left) implements Answer {}

        /** The result of a reconciliation. */
        record Reconciled(long checked, long mismatched, long corrected, long adopted, List<Correction> corrections)
                implements Answer {}

        /** The kill switch is set as requested; {@code open} orders were open at that time. */
        record KillSwitchStatus(boolean on, List<Order> open) implements Answer {}
    }

    /** What the broker's list corrected in one order. */
    record Correction(OrderId order, OrderStatus internal, String broker, OrderStatus corrected, Instant at) {}
}
