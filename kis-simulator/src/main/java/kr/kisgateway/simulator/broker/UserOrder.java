package kr.kisgateway.simulator.broker;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/** An order of a user, or a modify or cancel of one: each has a number (ODNO) and a row of its own. */
final class UserOrder {
    final LocalDate day;
    final long odno;
    final long originalOdno;
    final AccountId account;
    final Symbol symbol;
    final Side side;
    final OrderKind kind;
    final String dvsn;
    final String exchange;
    final long qty;
    final long price;
    final int time;
    final long marginPrice;
    final long acceptedAtMillis;
    final OrderDivision division;
    final long conditionPrice;
    /** The venue on which it rests, or would rest. */
    Venue venue;

    RestingPlace resting;
    /** When the last price triggered a stop order; 0 = not yet. */
    long triggeredAtMillis;

    long restPrice;
    long priority;
    long filledQty;
    long filledAmount;
    /** The cost basis of a sale's shares. */
    long basis;

    long fills;
    long cancelledQty;
    long rejectedQty;
    boolean open;
    /** Whether it has reached the exchange; until then nothing of it rests and a modify has not replaced anything. */
    boolean arrived;

    UserOrder(Change.Order o) {
        day = o.day();
        odno = o.odno();
        originalOdno = o.originalOdno();
        account = o.account();
        symbol = o.symbol();
        side = o.side();
        kind = o.kind();
        dvsn = o.dvsn();
        exchange = o.exchange();
        qty = o.qty();
        price = o.price();
        time = o.time();
        marginPrice = o.marginPrice();
        acceptedAtMillis = o.acceptedAtMillis();
        restPrice = o.restPrice();
        priority = o.priority();
        filledQty = o.filledQty();
        filledAmount = o.filledAmount();
        cancelledQty = o.cancelledQty();
        rejectedQty = o.rejectedQty();
        open = o.open();
        fills = o.fills();
        division = OrderDivision.of(dvsn)
                .orElseThrow(() -> new IllegalStateException("order " + odno + " of an unknown division " + dvsn));
        conditionPrice = o.conditionPrice();
        venue = o.venue();
        resting = o.resting();
        triggeredAtMillis = o.triggeredAtMillis();
        basis = o.basis();
        // An open order rests in a queue once the exchange has it.
        arrived = !open || resting != RestingPlace.NOWHERE;
    }

    /** Shares still to be traded while the order is open. */
    long remaining() {
        return open ? outstanding() : 0;
    }

    /** Shares neither traded, cancelled nor refused; of an expired order they remain (잔여수량). */
    long outstanding() {
        boolean hasOwnQuantity = kind == OrderKind.NEW || kind == OrderKind.MODIFY && arrived;
        return hasOwnQuantity ? qty - filledQty - cancelledQty - rejectedQty : 0;
    }

    /** The average fill price, 0 without fills; {@code scale} decimals, half up. */
    String averagePrice(int scale) {
        return filledQty == 0
                ? "0"
                : BigDecimal.valueOf(filledAmount)
                        .divide(BigDecimal.valueOf(filledQty), scale, RoundingMode.HALF_UP)
                        .toPlainString();
    }

    Change.Order change() {
        return new Change.Order(
                day,
                odno,
                originalOdno,
                account,
                symbol,
                side,
                kind,
                dvsn,
                exchange,
                qty,
                price,
                time,
                marginPrice,
                restPrice,
                priority,
                filledQty,
                filledAmount,
                cancelledQty,
                rejectedQty,
                open,
                acceptedAtMillis,
                fills,
                venue,
                open ? resting : RestingPlace.NOWHERE,
                conditionPrice,
                triggeredAtMillis,
                basis);
    }
}
