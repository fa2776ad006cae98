package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;

/**
 * The port to the broker. Every method blocks and is called on a virtual thread; no method sends anything twice.
 */
public interface Broker {
    /** Which share of the call budget a request stands in. */
    enum Lane {
        CANCEL,
        MARKET,
        LIMIT
    }

    /** The right to send one call now. */
    interface Slot {
        /** Gives the right back unused. */
        void release();
    }

    /** The answer to asking for a slot. */
    sealed interface SlotAnswer {
        record Granted(Slot slot) implements SlotAnswer {}

        /** The budget cannot serve it before the deadline. */
        record TimedOut() implements SlotAnswer {}

        /** The broker gave no usable answers of late: nothing but cancels is sent until it was tried again. */
        record Suspended() implements SlotAnswer {}
    }

    /** What became of a send. */
    sealed interface Outcome {
        /** The broker took it. */
        record Taken(String orgNo, long odno, String brokerTime) implements Outcome {}

        /** The broker answered and refused; nothing was booked. */
        record Refused(String code, String message) implements Outcome {}

        /** It definitely was not taken: it never left, or the broker says it may be repeated. */
        record NotTaken(String code, String message) implements Outcome {}

        /** It left, and what became of it is not known. */
        record InDoubt(String code, String message) implements Outcome {}
    }

    /** What the broker lists for a day. */
    sealed interface DailyOrders {
        /** All pages of all venues, asked at {@code askedAt}. */
        record Complete(Instant requestedAt, List<BrokerOrder> orders) implements DailyOrders {}

        record Failed(String reason) implements DailyOrders {}
    }

    /**
     * One row of the broker's list of a day's orders.
     *
     * @param original number of the order that this one modifies or cancels; 0 for an order of its own
     * @param qty shares it was for when the broker took it
     * @param price limit price in won; 0 for a market order
     * @param market whether it was a market order
     * @param time when the broker took it, KST {@code HHmmss}
     * @param value won of all fills, exact
     */
    record BrokerOrder(
            Kind kind,
            long odno,
            long original,
            String orgNo,
            Symbol symbol,
            Side side,
            long qty,
            long price,
            boolean market,
            int time,
            long filled,
            long value,
            long canceled,
            long remaining,
            long rejected) {
        /** What a row is: an order of its own, or a change of another. */
        public enum Kind {
            ORDER,
            MODIFY,
            CANCEL
        }
    }

    /**
     * An execution notice.
     *
     * @param original number of the order that a modify or cancel speaks of; 0 otherwise
     * @param qty shares of this fill, or of the order or cancel that is received or confirmed
     * @param price won a share of this fill
     * @param time KST {@code HHmmss}
     */
    record Notice(
            Kind kind,
            long odno,
            long original,
            Symbol symbol,
            Side side,
            long qty,
            long price,
            int time,
            String orgNo) {
        /** What a notice tells. */
        public enum Kind {
            RECEIVED,
            FILLED,
            CANCEL_CONFIRMED,
            MODIFY_CONFIRMED,
            REJECTED,
            /** What an IOC or FOK order could not fill is gone. */
            REST_CANCELED,
            /** Something that asks for no action. */
            OTHER
        }
    }

    /** Waits for a slot, shared fairly among {@code tenant}s of the same lane. */
    SlotAnswer acquireSlot(Lane lane, String tenant, Instant deadline);

    Outcome place(Slot slot, Terms terms);

    /** Gives all that is left of the order {@code odno} the price {@code price} in won. */
    Outcome modify(Slot slot, Terms terms, String orgNo, long odno, long price);

    /** Takes back {@code qty} shares of the order {@code odno}, or, with {@code all}, whatever is left of it. */
    Outcome cancel(Slot slot, Terms terms, String orgNo, long odno, long qty, boolean all);

    DailyOrders requestDailyOrders(LocalDate day);
}
