package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * The answer of {@code overseas inquire-psamount} (해외주식 매수가능금액조회, TTTS3007R): the overseas buying power, in the
 * exchange's currency.
 *
 * @param currency {@code USD}
 * @param amount available foreign cash ({@code ord_psbl_frcr_amt})
 * @param reusable reusable sales proceeds ({@code sll_ruse_psbl_amt})
 * @param total both, as KIS sums them ({@code ovrs_ord_psbl_amt})
 * @param qty shares for that ({@code max_ord_psbl_qty})
 * @param qtyAfterExchange shares when won are exchanged too ({@code echm_af_ord_psbl_qty})
 * @param exchangeRate won for one unit of the currency ({@code exrt}); empty when absent
 */
public record OverseasBuyingPower(
        String currency,
        BigDecimal amount,
        BigDecimal reusable,
        BigDecimal total,
        long qty,
        long qtyAfterExchange,
        Optional<BigDecimal> exchangeRate) {

    /** Reads the block {@code output}; the amount is required. */
    public static ParseResult<OverseasBuyingPower> parse(RestReply reply) {
        return ParseResult.of(() -> parse(reply.row("output").orElseThrow(() -> BadFieldException.missing("output"))));
    }

    private static OverseasBuyingPower parse(Row row) {
        return new OverseasBuyingPower(
                row.textOr("tr_crcy_cd", ""),
                row.decimal("ord_psbl_frcr_amt"),
                row.decimalOr("sll_ruse_psbl_amt", BigDecimal.ZERO),
                row.decimal("ovrs_ord_psbl_amt"),
                row.shares("max_ord_psbl_qty"),
                row.sharesOr("echm_af_ord_psbl_qty", 0),
                row.decimalIfAny("exrt"));
    }
}
