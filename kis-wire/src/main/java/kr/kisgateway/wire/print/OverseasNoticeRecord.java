package kr.kisgateway.wire.print;

import kr.kisgateway.market.Side;
import kr.kisgateway.wire.ExecutionNotice;

/**
 * The columns of an execution notice of an overseas order ({@code H0GSCNI0} live, {@code H0GSCNI9} paper) that differ from
 * notice to notice.
 *
 * @param htsId the login id of its registration ({@code CUST_ID})
 * @param account ten digits, CANO and product code ({@code ACNT_NO})
 * @param odno the order's number ({@code ODER_NO})
 * @param originalOdno the number that a modify or cancel replaces ({@code OODER_NO}); 0 for a new order
 * @param side buy or sell ({@code SELN_BYOV_CLS})
 * @param request new, modify or cancel ({@code RCTF_CLS})
 * @param kindCode {@code ODER_KIND2}: 1 market, 2 limit, A MOO, B LOO, C MOC, D LOC
 * @param ticker the code at its exchange ({@code STCK_SHRN_ISCD})
 * @param qty of a fill: this fill's shares; otherwise the request's ({@code CNTG_QTY})
 * @param price of a fill: this fill's price; otherwise the request's, 0 when it has none; in the exchange's smallest unit of a
 *     notice, for US exchanges ten-thousandths of a dollar ({@code CNTG_UNPR}, {@code CNTG_UNPR12})
 * @param timeOfDay KST wall-clock time as {@code HHmmss} ({@code STCK_CNTG_HOUR})
 * @param kind the event
 * @param orgNo the branch number ({@code BRNC_NO})
 * @param orderQty the order's shares, which only fills have ({@code ODER_QTY})
 * @param accountName the holder ({@code ACNT_NAME})
 * @param symbolName the stock's name ({@code CNTG_ISNM})
 * @param exchangeCode the listing exchange ({@code ODER_COND}): 6 NASDAQ, 7 NYSE, 8 AMEX
 */
public record OverseasNoticeRecord(
        String htsId,
        String account,
        long odno,
        long originalOdno,
        Side side,
        ExecutionNotice.Request request,
        char kindCode,
        String ticker,
        long qty,
        long price,
        int timeOfDay,
        ExecutionNotice.Kind kind,
        String orgNo,
        long orderQty,
        String accountName,
        String symbolName,
        char exchangeCode) {

    /** The event without names and with two digits of the account. */
    @Override
    public String toString() {
        String lastTwo = account.length() < 2 ? "" : account.substring(account.length() - 2);
        return "OverseasNoticeRecord[" + kind + " " + request + " " + side + " " + ticker + " " + qty + "@" + price
                + " odno=" + odno + " originalOdno=" + originalOdno + " at=" + timeOfDay + " account=***" + lastTwo
                + "]";
    }
}
