package kr.kisgateway.simulator.us;

import java.time.LocalDate;
import java.time.LocalDateTime;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsSymbol;

/** An order of a user, or a modify or cancel of one: each has a number (ODNO) and a row of its own. */
public final class UsOrder {
    /** Larger than any order number of a day. */
    private static final long NUMBERS_A_DAY = 10_000_000_000L;

    private final UsRecord.Order asAccepted;
    long priority;
    long filledQty;
    long filledAmount;
    /** The commission of its fills. */
    long costs;
    /** The cost basis of the shares that it sold. */
    long basis;

    long fills;
    long cancelledQty;
    long rejectedQty;
    boolean open;

    UsOrder(UsRecord.Order o) {
        asAccepted = o;
        priority = o.priority();
        filledQty = o.filledQty();
        filledAmount = o.filledAmount();
        costs = o.costs();
        basis = o.basis();
        fills = o.fills();
        cancelledQty = o.cancelledQty();
        rejectedQty = o.rejectedQty();
        open = o.open();
    }

    /** Its id in the market: numbers restart at Korea's midnight, in the middle of New York's session. */
    long id() {
        return day().toEpochDay() * NUMBERS_A_DAY + odno();
    }

    /** The business date in Korea on which it arrived. */
    public LocalDate day() {
        return asAccepted.day();
    }

    public long odno() {
        return asAccepted.odno();
    }

    /** The number of the order that it replaces; 0 for an original. */
    public long originalOdno() {
        return asAccepted.originalOdno();
    }

    public AccountHolder holder() {
        return asAccepted.holder();
    }

    public UsSymbol symbol() {
        return asAccepted.symbol();
    }

    public Side side() {
        return asAccepted.side();
    }

    public UsRequest request() {
        return asAccepted.request();
    }

    public UsDivision division() {
        return asAccepted.division();
    }

    /** Whether it is an order of the day market (주간거래). */
    public boolean dayMarket() {
        return asAccepted.dayMarket();
    }

    public long qty() {
        return asAccepted.qty();
    }

    /** The limit; 0 where there is none. */
    public long price() {
        return asAccepted.price();
    }

    /** When it arrived by Korea's clock, {@code HHmmss}. */
    public int time() {
        return asAccepted.time();
    }

    /** The trading date in New York. */
    public LocalDate date() {
        return asAccepted.date();
    }

    /** When it arrived by New York's clock. */
    public LocalDateTime acceptedAt() {
        return asAccepted.acceptedAt();
    }

    public long acceptedAtMillis() {
        return asAccepted.acceptedAtMillis();
    }

    public long filledQty() {
        return filledQty;
    }

    public long filledAmount() {
        return filledAmount;
    }

    public long costs() {
        return costs;
    }

    public long basis() {
        return basis;
    }

    /** The profit of a sale: its amount less its costs and the cost basis of its shares. */
    public long realized() {
        return filledAmount - basis - costs;
    }

    public long cancelledQty() {
        return cancelledQty;
    }

    public long rejectedQty() {
        return rejectedQty;
    }

    public boolean isOpen() {
        return open;
    }

    /** Shares that may still trade, be modified or cancelled. */
    public long remaining() {
        return open && request() != UsRequest.CANCEL ? qty() - filledQty - cancelledQty - rejectedQty : 0;
    }

    UsRecord.Order toRecord() {
        UsRecord.Order o = asAccepted;
        return new UsRecord.Order(
                o.day(),
                o.odno(),
                o.originalOdno(),
                o.holder(),
                o.symbol(),
                o.side(),
                o.request(),
                o.division(),
                o.dayMarket(),
                o.qty(),
                o.price(),
                o.time(),
                o.date(),
                o.acceptedAt(),
                o.acceptedAtMillis(),
                priority,
                filledQty,
                filledAmount,
                costs,
                basis,
                fills,
                cancelledQty,
                rejectedQty,
                open);
    }
}
