package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Side;
import kr.kisgateway.wire.OverseasSymbol;

/**
 * An overseas order with its state, or a modify or cancel, which has its own row: of {@code inquire-ccnl} (해외주식
 * 주문체결내역, TTTS3035R) or {@code inquire-nccs} (해외주식 미체결내역, TTTS3018R). Prices are in the order's currency. Number, side and
 * quantities are read strictly.
 *
 * @param date the local day of the order ({@code ord_dt})
 * @param orgNo {@code ord_gno_brno}; empty when absent
 * @param odno the order's number, compared as a number: paper leaves zeros out here
 * @param originalOdno the number it replaces; 0 for an original
 * @param code the instrument's code ({@code pdno})
 * @param exchange {@code ovrs_excg_cd} as KIS wrote it; {@link #symbol} reads it
 * @param side buy or sell
 * @param revisionCode 00 order, 01 modify, 02 cancel, as KIS wrote it ({@code rvse_cncl_dvsn}); empty when absent
 * @param qty shares ordered
 * @param price limit; 0 when absent
 * @param filledQty shares filled so far
 * @param avgPrice average price of the fills; 0 without fills
 * @param filledAmount amount filled so far
 * @param openQty shares still open ({@code nccs_qty})
 * @param time {@code ord_tmd} as {@code HHmmss}; empty when absent
 * @param seoulDate the day of the order in Korea, within which numbers are unique ({@code dmst_ord_dt}); empty when absent
 * @param seoulTime the broker's time of the order in Korea ({@code thco_ord_tmd}), {@code HHmmss}; empty when absent
 * @param currency {@code USD}
 * @param status 처리상태명 ({@code prcs_stat_name}) as KIS wrote it; empty when absent
 * @param rejectReason {@code rjct_rson_name}, or the code where there is no name; empty when both are absent
 */
public record OverseasOrderRow(
        LocalDate date,
        String orgNo,
        long odno,
        long originalOdno,
        String code,
        String exchange,
        Side side,
        String revisionCode,
        long qty,
        BigDecimal price,
        long filledQty,
        BigDecimal avgPrice,
        BigDecimal filledAmount,
        long openQty,
        String time,
        Optional<LocalDate> seoulDate,
        String seoulTime,
        String currency,
        String status,
        String rejectReason) {

    /** The instrument; empty where its exchange or code is unsupported. */
    public Optional<OverseasSymbol> symbol() {
        return OverseasSymbol.of(exchange, code);
    }

    /** Whether this row is a cancel, not an order. */
    public boolean isCancelRow() {
        return revisionCode.equals("02");
    }

    /** Whether it can still be modified or cancelled, at least in part. */
    public boolean isOpen() {
        return openQty > 0 && !isCancelRow() && !status.contains("거부");
    }

    /** The rows of {@code output}, in KIS's order. */
    public static ParseResult<List<OverseasOrderRow>> parseAll(RestReply reply) {
        return ParseResult.of(
                () -> reply.rows("output").stream().map(OverseasOrderRow::parse).toList());
    }

    private static OverseasOrderRow parse(Row row) {
        return new OverseasOrderRow(
                row.date("ord_dt"),
                row.textOr("ord_gno_brno", ""),
                row.orderNumber("odno"),
                row.sharesOr("orgn_odno", 0),
                row.text("pdno"),
                row.textOr("ovrs_excg_cd", ""),
                Sides.of(row, "sll_buy_dvsn_cd"),
                row.textOr("rvse_cncl_dvsn", row.textOr("rvse_cncl_dvsn_cd", "")),
                row.shares("ft_ord_qty"),
                row.decimalOr("ft_ord_unpr3", BigDecimal.ZERO),
                row.shares("ft_ccld_qty"),
                row.decimalOr("ft_ccld_unpr3", BigDecimal.ZERO),
                row.decimalOr("ft_ccld_amt3", BigDecimal.ZERO),
                row.shares("nccs_qty"),
                row.textOr("ord_tmd", ""),
                row.has("dmst_ord_dt") ? Optional.of(row.date("dmst_ord_dt")) : Optional.empty(),
                row.textOr("thco_ord_tmd", ""),
                row.textOr("tr_crcy_cd", ""),
                row.textOr("prcs_stat_name", ""),
                row.textOr("rjct_rson_name", row.textOr("rjct_rson", "")));
    }
}
