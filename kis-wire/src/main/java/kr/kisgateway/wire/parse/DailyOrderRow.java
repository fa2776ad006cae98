package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.CreditCodes;

/**
 * One row of {@code inquire-daily-ccld} {@code output1}: an order with its state, or a modify or cancel,
 * which has its own row. Prices are whole won, quantities shares.
 *
 * @param ordDt the order's day as {@code yyyyMMdd}
 * @param orgNo {@code ord_gno_brno}
 * @param odno the order's number
 * @param originalOdno the number it replaces; 0 for an original
 * @param side buy or sell
 * @param symbol the instrument
 * @param ordQty ordered
 * @param ordUnpr limit; 0 for market orders
 * @param ordTmd order time, KST as {@code HHmmss}
 * @param totCcldQty filled so far, cumulative
 * @param avgPrvs average price of the fills; 0 without fills
 * @param totCcldAmt won filled so far
 * @param cncCfrmQty cancelled
 * @param rmnQty still open
 * @param rjctQty rejected
 * @param ordDvsnCd ORD_DVSN of the order
 * @param exchange {@code KRX}, {@code NXT}, {@code SOR}; empty when absent
 * @param sideName KIS's text, such as {@code 현금매수}, {@code BUY REJECT}, {@code 매수취소*}
 * @param loanDate the date of the loan of a credit order ({@code loan_dt}); empty for an order in cash
 */
public record DailyOrderRow(
        String ordDt,
        String orgNo,
        long odno,
        long originalOdno,
        Side side,
        Symbol symbol,
        long ordQty,
        long ordUnpr,
        String ordTmd,
        long totCcldQty,
        BigDecimal avgPrvs,
        long totCcldAmt,
        long cncCfrmQty,
        long rmnQty,
        long rjctQty,
        String ordDvsnCd,
        String exchange,
        String sideName,
        Optional<LocalDate> loanDate) {

    /** Whether this row is a cancel, not an order. */
    public boolean isCancelRow() {
        return hasSideName("취소", "CANCEL");
    }

    /** Whether this row is a modify, which is an order too: it continues the order it replaced. */
    public boolean isModifyRow() {
        return hasSideName("정정", "AMEND", "MODIFY");
    }

    /** Whether the exchange refused it. */
    public boolean isRejected() {
        return rjctQty > 0 || hasSideName("REJECT", "거부");
    }

    /**
     * Reads one row.
     *
     * @throws BadFieldException naming the first field that is missing or wrong; side, numbers and quantities are strict
     */
    public static DailyOrderRow parse(Row row) {
        return new DailyOrderRow(
                row.text("ord_dt"),
                row.textOr("ord_gno_brno", ""),
                row.orderNumber("odno"),
                row.sharesOr("orgn_odno", 0),
                Sides.of(row, "sll_buy_dvsn_cd"),
                row.symbol("pdno"),
                row.shares("ord_qty"),
                row.wonOr("ord_unpr", 0),
                row.textOr("ord_tmd", ""),
                row.shares("tot_ccld_qty"),
                row.decimalOr("avg_prvs", BigDecimal.ZERO),
                row.wonOr("tot_ccld_amt", 0),
                row.sharesOr("cnc_cfrm_qty", row.sharesOr("cncl_cfrm_qty", 0)),
                row.shares("rmn_qty"),
                row.sharesOr("rjct_qty", 0),
                row.textOr("ord_dvsn_cd", ""),
                row.textOr("excg_id_dvsn_cd", ""),
                row.textOr("sll_buy_dvsn_cd_name", ""),
                CreditCodes.date(row.textOr("loan_dt", "")));
    }

    /** All rows of {@code output1}, or the first field that could not be read; an empty list is a valid answer. */
    public static ParseResult<List<DailyOrderRow>> parseAll(RestReply reply) {
        return ParseResult.of(
                () -> reply.rows("output1").stream().map(DailyOrderRow::parse).toList());
    }

    private boolean hasSideName(String... keywords) {
        String name = sideName.toUpperCase(Locale.ROOT);
        for (String keyword : keywords) {
            if (name.contains(keyword)) {
                return true;
            }
        }
        return false;
    }
}
