package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Venue;

/**
 * The port to the broker. Every method but {@link #acquireFreeSlot} blocks and is called on a virtual thread; no method sends
 * anything twice.
 */
public interface Broker {
    /** The share of the call budget that a request uses. */
    enum Lane {
        CANCEL,
        MARKET,
        LIMIT
    }

    /** The right to send one call now. */
    interface Slot {
        /** Releases the slot unused. */
        void release();
    }

    /** The answer to a slot request. */
    sealed interface SlotAnswer {
        record Granted(Slot slot) implements SlotAnswer {}

        /** The budget has no slot before the deadline. */
        record TimedOut() implements SlotAnswer {}

        /** The broker gave recent requests no usable answer: only cancels are sent until a probe succeeded. */
        record Suspended() implements SlotAnswer {}
    }

    /** The result of a send. */
    sealed interface Outcome {
        /** The broker accepted it. */
        record Taken(String orgNo, long odno, String brokerTime) implements Outcome {}

        /** The broker answered and refused; nothing was booked. */
        record Refused(String code, String message) implements Outcome {}

        /** It definitely was not accepted: it was never sent, or the broker's code permits a retry. */
        record NotTaken(String code, String message) implements Outcome {}

        /** It was sent, and its result is unknown. */
        record InDoubt(String code, String message) implements Outcome {}
    }

    /** The broker's list of a day. */
    sealed interface DailyOrders {
        /** All pages of all venues, requested at {@code requestedAt}. */
        record Complete(Instant requestedAt, List<BrokerOrder> orders) implements DailyOrders {}

        record Failed(String reason) implements DailyOrders {}
    }

    /**
     * One row of the broker's list of a day's orders.
     *
     * @param odno number of the order, one of its trading day ({@link BrokerNumbers})
     * @param original number of the order that this one modifies or cancels; 0 for an order of its own
     * @param qty shares of the order when the broker accepted it
     * @param orderKind what kind of order it is, where the broker's code is known
     * @param venue where it was sent, where the broker lists it; a routed order may be listed under the venue that it went to
     * @param price limit price in units of the currency; 0 for a kind without one
     * @param time when the broker accepted it, KST {@code HHmmss}
     * @param value of all fills in units of the currency, exact
     * @param credit the loan, where the row has its date; its type is as far as the row says
     */
    record BrokerOrder(
            Kind kind,
            long odno,
            long original,
            String orgNo,
            MarketSymbol symbol,
            Side side,
            long qty,
            long price,
            Optional<OrderKind> orderKind,
            Optional<Venue> venue,
            int time,
            long filled,
            long value,
            long canceled,
            long remaining,
            long rejected,
            Optional<Credit> credit) {
        /** A row without a loan. */
        public BrokerOrder(
                Kind kind,
                long odno,
                long original,
                String orgNo,
                MarketSymbol symbol,
                Side side,
                long qty,
                long price,
                Optional<OrderKind> orderKind,
                Optional<Venue> venue,
                int time,
                long filled,
                long value,
                long canceled,
                long remaining,
                long rejected) {
            this(
                    kind,
                    odno,
                    original,
                    orgNo,
                    symbol,
                    side,
                    qty,
                    price,
                    orderKind,
                    venue,
                    time,
                    filled,
                    value,
                    canceled,
                    remaining,
                    rejected,
                    Optional.empty());
        }

        /** What a row describes: an order, or a change of another. */
        public enum Kind {
            ORDER,
            MODIFY,
            CANCEL
        }
    }

    /**
     * An execution notice.
     *
     * @param account alias of the account of the order
     * @param original number of the order that a modify or cancel refers to; 0 otherwise
     * @param qty shares of this fill, or of the received or confirmed order or cancel
     * @param price a share of this fill, in units of the currency
     * @param time KST {@code HHmmss}
     * @param orderKind what kind of order it is about, where the broker's code is known
     * @param venue where it was sent, where the notice has it
     * @param credit the loan, where the notice has its date
     * @param tradedAt where a fill happened, where the notice has it: KRX or NXT also of an order sent to SOR
     */
    record Notice(
            String account,
            Kind kind,
            long odno,
            long original,
            MarketSymbol symbol,
            Side side,
            long qty,
            long price,
            int time,
            String orgNo,
            Optional<OrderKind> orderKind,
            Optional<Venue> venue,
            Optional<Credit> credit,
            Optional<Venue> tradedAt) {
        /** A notice without a loan. */
        public Notice(
                String account,
                Kind kind,
                long odno,
                long original,
                MarketSymbol symbol,
                Side side,
                long qty,
                long price,
                int time,
                String orgNo,
                Optional<OrderKind> orderKind,
                Optional<Venue> venue) {
            this(
                    account,
                    kind,
                    odno,
                    original,
                    symbol,
                    side,
                    qty,
                    price,
                    time,
                    orgNo,
                    orderKind,
                    venue,
                    Optional.empty(),
                    Optional.empty());
        }

        /** The same about the order {@code number}, which replaces {@code replaced} where that is not 0. */
        Notice withNumbers(long number, long replaced) {
            return new Notice(
                    account, kind, number, replaced, symbol, side, qty, price, time, orgNo, orderKind, venue, credit,
                    tradedAt);
        }

        /** What a notice reports. */
        public enum Kind {
            RECEIVED,
            FILLED,
            CANCEL_CONFIRMED,
            MODIFY_CONFIRMED,
            REJECTED,
            /** The unfilled rest of an IOC or FOK order was cancelled. */
            REST_CANCELED,
            /** A notice that requires no action. */
            OTHER
        }
    }

    /** Waits for a slot for an order of {@code account}, shared fairly among the {@code tenant}s of a lane. */
    SlotAnswer acquireSlot(String account, Lane lane, String tenant, Instant deadline);

    /** The same slot if it is free now, without waiting: the only method that the desk's own thread calls. */
    Optional<Slot> acquireFreeSlot(String account, Lane lane, String tenant, Instant deadline);

    Outcome place(Slot slot, Terms terms);

    /** Re-prices the whole rest of the order {@code odno}, {@code qty} shares as far as known, to {@code price}. */
    Outcome modify(Slot slot, Terms terms, String orgNo, long odno, long qty, long price);

    /** Cancels {@code qty} shares of the order {@code odno}, or, with {@code all}, its whole rest. */
    Outcome cancel(Slot slot, Terms terms, String orgNo, long odno, long qty, boolean all);

    DailyOrders requestDailyOrders(AccountDay day);
}
