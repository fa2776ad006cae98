package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.wire.OverseasSymbol;

/**
 * The answer of {@code inquire-present-balance} (해외주식 체결기준현재잔고, CTRP6504R): positions, foreign cash and sums, today's
 * trades counted before they are settled.
 *
 * @param positions in their currencies
 * @param cash per currency
 * @param totals in won
 */
public record OverseasPresentBalance(List<Position> positions, List<CurrencyCash> cash, Totals totals) {
    public OverseasPresentBalance {
        positions = List.copyOf(positions);
        cash = List.copyOf(cash);
    }

    /**
     * One position, in its currency.
     *
     * @param code the instrument's code ({@code pdno})
     * @param exchange {@code ovrs_excg_cd} as KIS wrote it; {@link #symbol} reads it
     * @param name empty when absent
     * @param qty shares held ({@code cblc_qty13}); fractions occur (미니스탁)
     * @param sellableQty {@code ord_psbl_qty1}
     * @param avgPrice average buying price ({@code avg_unpr3})
     * @param cost {@code frcr_pchs_amt}
     * @param price last price ({@code ovrs_now_pric1})
     * @param value {@code frcr_evlu_amt2}
     * @param pnl valuation less cost, signed ({@code evlu_pfls_amt2})
     * @param pnlPct the same in percent, signed ({@code evlu_pfls_rt1})
     * @param currency {@code USD}
     * @param exchangeRate won for one unit of it ({@code bass_exrt})
     */
    public record Position(
            String code,
            String exchange,
            String name,
            BigDecimal qty,
            BigDecimal sellableQty,
            BigDecimal avgPrice,
            BigDecimal cost,
            BigDecimal price,
            BigDecimal value,
            BigDecimal pnl,
            BigDecimal pnlPct,
            String currency,
            BigDecimal exchangeRate) {

        /** The instrument; empty where its exchange or code is unsupported. */
        public Optional<OverseasSymbol> symbol() {
            return OverseasSymbol.of(exchange, code);
        }
    }

    /**
     * Cash of one currency.
     *
     * @param currency {@code USD}
     * @param deposit 외화예수금 ({@code frcr_dncl_amt_2})
     * @param withdrawable {@code frcr_drwg_psbl_amt_1}
     * @param withdrawableNextDay {@code nxdy_frcr_drwg_psbl_amt}
     * @param boughtToday {@code frcr_buy_amt_smtl}
     * @param soldToday {@code frcr_sll_amt_smtl}
     * @param exchangeRate won for one unit, first published today ({@code frst_bltn_exrt})
     */
    public record CurrencyCash(
            String currency,
            BigDecimal deposit,
            BigDecimal withdrawable,
            BigDecimal withdrawableNextDay,
            BigDecimal boughtToday,
            BigDecimal soldToday,
            BigDecimal exchangeRate) {}

    /**
     * Sums in won.
     *
     * @param cost {@code pchs_amt_smtl}
     * @param value {@code evlu_amt_smtl}
     * @param pnl {@code evlu_pfls_amt_smtl}, signed
     * @param assets {@code tot_asst_amt}
     * @param deposit {@code tot_dncl_amt}
     * @param withdrawable {@code wdrw_psbl_tot_amt}
     */
    public record Totals(
            BigDecimal cost,
            BigDecimal value,
            BigDecimal pnl,
            BigDecimal assets,
            BigDecimal deposit,
            BigDecimal withdrawable) {}

    /** Reads {@code output1} (positions), {@code output2} (cash) and {@code output3} (sums). */
    public static ParseResult<OverseasPresentBalance> parse(RestReply reply) {
        return ParseResult.of(() -> new OverseasPresentBalance(
                reply.rows("output1").stream()
                        .filter(row -> row.has("pdno"))
                        .map(OverseasPresentBalance::position)
                        .filter(position -> position.qty().signum() > 0)
                        .toList(),
                reply.rows("output2").stream()
                        .filter(row -> row.has("crcy_cd"))
                        .map(OverseasPresentBalance::cash)
                        .toList(),
                totals(reply.row("output3").orElseThrow(() -> BadFieldException.missing("output3")))));
    }

    private static Position position(Row row) {
        return new Position(
                row.text("pdno"),
                row.textOr("ovrs_excg_cd", ""),
                row.textOr("prdt_name", ""),
                row.decimal("cblc_qty13"),
                row.decimal("ord_psbl_qty1"),
                amount(row, "avg_unpr3"),
                amount(row, "frcr_pchs_amt"),
                amount(row, "ovrs_now_pric1"),
                amount(row, "frcr_evlu_amt2"),
                amount(row, "evlu_pfls_amt2"),
                amount(row, "evlu_pfls_rt1"),
                row.textOr("buy_crcy_cd", ""),
                amount(row, "bass_exrt"));
    }

    private static CurrencyCash cash(Row row) {
        return new CurrencyCash(
                row.text("crcy_cd"),
                row.decimal("frcr_dncl_amt_2"),
                amount(row, "frcr_drwg_psbl_amt_1"),
                amount(row, "nxdy_frcr_drwg_psbl_amt"),
                amount(row, "frcr_buy_amt_smtl"),
                amount(row, "frcr_sll_amt_smtl"),
                amount(row, "frst_bltn_exrt"));
    }

    private static Totals totals(Row row) {
        return new Totals(
                amount(row, "pchs_amt_smtl"),
                amount(row, "evlu_amt_smtl"),
                amount(row, "evlu_pfls_amt_smtl"),
                amount(row, "tot_asst_amt"),
                amount(row, "tot_dncl_amt"),
                amount(row, "wdrw_psbl_tot_amt"));
    }

    private static BigDecimal amount(Row row, String name) {
        return row.decimalOr(name, BigDecimal.ZERO);
    }
}
