package kr.kisgateway.simulator.account;

import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Side;
import kr.kisgateway.simulator.entity.AccountId;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.entity.OrderKind;

/**
 * An order of a user, or a modify or cancel of one: each has a number (ODNO) and a row of its own. A subclass adds the state
 * that only its market has.
 */
public abstract class Order {
    private final Change.Order accepted;
    private long priority;
    private long filledQty;
    private long filledAmount;
    private long basis;
    private long fills;
    private long cancelledQty;
    private long rejectedQty;
    private boolean open;
    private boolean arrived;

    /** @param arrived whether the exchange has it */
    protected Order(Change.Order o, boolean arrived) {
        accepted = o;
        priority = o.priority();
        filledQty = o.filledQty();
        filledAmount = o.filledAmount();
        basis = o.basis();
        fills = o.fills();
        cancelledQty = o.cancelledQty();
        rejectedQty = o.rejectedQty();
        open = o.open();
        this.arrived = arrived;
    }

    /** Identifies it among the open orders of its market; above 0. */
    public abstract long id();

    public abstract MarketSymbol symbol();

    /** The loan that it takes out or repays; empty for an order in cash. */
    public Optional<LoanKey> loan() {
        return Optional.empty();
    }

    /** The state that only its market has. */
    protected abstract Change.Terms terms();

    /** The business date in Korea on which it arrived. */
    public final LocalDate day() {
        return accepted.day();
    }

    public final long odno() {
        return accepted.odno();
    }

    /** The number of the order that it replaces; 0 for an original. */
    public final long originalOdno() {
        return accepted.originalOdno();
    }

    public final AccountId account() {
        return accepted.account();
    }

    public final Side side() {
        return accepted.side();
    }

    public final OrderKind kind() {
        return accepted.kind();
    }

    /** ORD_DVSN. */
    public final String divisionCode() {
        return accepted.division();
    }

    public final long qty() {
        return accepted.qty();
    }

    /** The limit; 0 where there is none. */
    public final long price() {
        return accepted.price();
    }

    /** When it arrived by Korea's clock, {@code HHmmss}. */
    public final int time() {
        return accepted.time();
    }

    public final long acceptedAtMillis() {
        return accepted.acceptedAtMillis();
    }

    /** Its place in the queue: a lower one is ahead. */
    public final long priority() {
        return priority;
    }

    public final void setPriority(long place) {
        priority = place;
    }

    public final long filledQty() {
        return filledQty;
    }

    public final long filledAmount() {
        return filledAmount;
    }

    /** The cost basis of the shares that it sold. */
    public final long basis() {
        return basis;
    }

    /** The number of its fills. */
    public final long fills() {
        return fills;
    }

    public final long cancelledQty() {
        return cancelledQty;
    }

    public final long rejectedQty() {
        return rejectedQty;
    }

    public final boolean isOpen() {
        return open;
    }

    /** Whether it has reached the exchange; until then nothing of it rests and a modify has not replaced anything. */
    public final boolean hasArrived() {
        return arrived;
    }

    public final void arrive() {
        arrived = true;
    }

    /** Shares still to be traded while the order is open. */
    public final long remaining() {
        return open ? outstanding() : 0;
    }

    /** Shares neither traded, cancelled nor refused; of an expired order they remain (잔여수량). */
    public final long outstanding() {
        boolean hasOwnQuantity = kind() == OrderKind.NEW || kind() == OrderKind.MODIFY && arrived;
        return hasOwnQuantity ? qty() - filledQty - cancelledQty - rejectedQty : 0;
    }

    final void fill(long shares, long amount) {
        filledQty += shares;
        filledAmount += amount;
        fills++;
    }

    final void addBasis(long cost) {
        basis += cost;
    }

    /** Records cancelled shares, of a cancel those that it took from its original. */
    public final void cancel(long shares) {
        cancelledQty += shares;
    }

    /** Records shares that the exchange did not accept. */
    public final void reject(long shares) {
        rejectedQty = shares;
    }

    /** Ends the order. */
    protected void close() {
        open = false;
    }

    /** The complete state to store. */
    public final Change.Order record() {
        Change.Order o = accepted;
        return new Change.Order(
                o.day(),
                o.odno(),
                o.originalOdno(),
                o.account(),
                o.symbol(),
                o.side(),
                o.kind(),
                o.division(),
                o.qty(),
                o.price(),
                o.time(),
                o.acceptedAtMillis(),
                priority,
                filledQty,
                filledAmount,
                basis,
                fills,
                cancelledQty,
                rejectedQty,
                open,
                terms());
    }
}
