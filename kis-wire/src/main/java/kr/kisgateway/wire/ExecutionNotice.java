package kr.kisgateway.wire;

import java.util.Objects;
import java.util.Optional;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;

/**
 * One domestic execution notice (체결통보, {@code H0STCNI0} live, {@code H0STCNI9} paper), every column typed. Quantities are
 * shares, prices whole won. There is no fill id: two equal fills look the same.
 *
 * @param htsId the login id of its registration ({@code CUST_ID})
 * @param account ten digits, CANO and product code ({@code ACNT_NO}); a notice may be about an account that is not ours
 * @param odno the order's number ({@code ODER_NO}), to be compared as an integer
 * @param originalOdno the number that a modify or cancel replaces ({@code OODER_NO}); 0 for a new order
 * @param side buy or sell
 * @param request new, modify or cancel ({@code RCTF_CLS})
 * @param ordDvsn KIS's order type ({@code ODER_KIND}, the request's ORD_DVSN)
 * @param condition none, IOC or FOK ({@code ODER_COND})
 * @param symbol the instrument
 * @param qty of a fill: this fill's shares, not cumulative; otherwise the request's shares ({@code CNTG_QTY})
 * @param price of a fill: this fill's price; otherwise the request's price, 0 for market orders ({@code CNTG_UNPR})
 * @param timeOfDay KST wall-clock time as {@code HHmmss}; there is no date
 * @param kind the event
 * @param orgNo the branch number ({@code BRNC_NO}), needed to cancel
 * @param orderQty the order's shares ({@code ODER_QTY}); 0 when absent
 * @param accountName the holder ({@code ACNT_NAME})
 * @param conditionPrice the stop price ({@code ORD_COND_PRC}); 0 when none, always 0 in the 23-column layout
 * @param exchange venue of the event ({@code ORD_EXG_GB}); empty in the 23-column layout
 * @param popup {@code POPUP_YN}: the broker's own screens would pop up; false in the 23-column layout
 * @param creditClass {@code CRDT_CLS}, {@code 10} is cash
 * @param loanDate {@code CRDT_LOAN_DATE} as {@code yyyyMMdd}, or blank
 * @param symbolName the instrument's Korean name ({@code CNTG_ISNM40})
 * @param orderPrice of a fill: the order's price, 0 for market orders; otherwise 0 ({@code ODER_PRC})
 */
public record ExecutionNotice(
        String htsId,
        String account,
        long odno,
        long originalOdno,
        Side side,
        Request request,
        String ordDvsn,
        Condition condition,
        Symbol symbol,
        long qty,
        long price,
        int timeOfDay,
        Kind kind,
        String orgNo,
        long orderQty,
        String accountName,
        long conditionPrice,
        Optional<Exchange> exchange,
        boolean popup,
        String creditClass,
        String loanDate,
        String symbolName,
        long orderPrice) {

    public ExecutionNotice {
        Objects.requireNonNull(side);
        Objects.requireNonNull(kind);
    }

    /** The event of the order. */
    public enum Kind {
        /** The exchange has the order, modify or cancel (CNTG_YN 1, ACPT_YN 1). */
        RECEIPT,
        /** A modify or cancel took effect (CNTG_YN 1, ACPT_YN 2). */
        CONFIRMED,
        /** A fill (CNTG_YN 2). */
        FILL,
        /** The exchange refused what the broker had accepted, without a reason (RFUS_YN 1). */
        REJECTED,
        /** The rest of an IOC or FOK order was cancelled (CNTG_YN 1, ACPT_YN 3). */
        REST_CANCELLED
    }

    /** The requested operation. */
    public enum Request {
        NEW,
        MODIFY,
        CANCEL
    }

    /** The order's time in force. */
    public enum Condition {
        NONE,
        IOC,
        FOK
    }

    /** The venue of the event, and whether the broker's smart routing chose it. */
    public enum Exchange {
        KRX,
        NXT,
        SOR_KRX,
        SOR_NXT
    }

    /** The event without the holder's name and with two digits of the account. */
    @Override
    public String toString() {
        String lastTwo = account.length() < 2 ? "" : account.substring(account.length() - 2);
        return "ExecutionNotice[" + kind + " " + request + " " + side + " " + symbol + " " + qty + "@" + price
                + " odno=" + odno + " originalOdno=" + originalOdno + " at=" + timeOfDay + " account=***" + lastTwo
                + "]";
    }
}
