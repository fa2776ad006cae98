package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.CreditCodes;

/**
 * One page of {@code inquire-balance}. It lags fills by seconds, sometimes minutes. Amounts are whole won.
 *
 * @param holdings the rows with shares; KIS lists a sold position with 0 shares for two days, those are left out
 * @param cash the sums, repeated by every page
 */
public record BalanceAnswer(List<Holding> holdings, Cash cash) {

    /**
     * One position; shares bought on credit have a row of their own for each day and lender.
     *
     * @param symbol the instrument
     * @param name its Korean name
     * @param qty shares held
     * @param sellableQty holding less open sells ({@code ord_psbl_qty})
     * @param avgPrice average buying price with the scale KIS wrote
     * @param cost total purchase amount ({@code pchs_amt})
     * @param price KIS's valuation price, which does not change after hours
     * @param value valuation ({@code evlu_amt})
     * @param pnl valuation less cost, signed
     * @param pnlPct the same in percent
     * @param tradeName how they were paid, in KIS's words ({@code trad_dvsn_name}: 현금, 자기융자, …)
     * @param loanDate the date of their loan ({@code loan_dt}); empty where they were paid in cash
     * @param loan what is lent ({@code loan_amt}); 0 where they were paid in cash
     */
    public record Holding(
            Symbol symbol,
            String name,
            long qty,
            long sellableQty,
            BigDecimal avgPrice,
            long cost,
            long price,
            long value,
            long pnl,
            BigDecimal pnlPct,
            String tradeName,
            Optional<LocalDate> loanDate,
            long loan) {}

    /**
     * The account's sums.
     *
     * @param deposit cash today ({@code dnca_tot_amt})
     * @param depositD1 cash tomorrow ({@code nxdy_excc_amt})
     * @param depositD2 cash after settlement ({@code prvs_rcdl_excc_amt}), the closest to the buying power
     * @param buysToday won bought today
     * @param sellsToday won sold today
     * @param costsToday taxes and commission of today
     * @param securitiesValue valuation of the positions ({@code scts_evlu_amt})
     * @param totalValue positions and D+2 cash ({@code tot_evlu_amt})
     * @param netAssets {@code nass_amt}
     * @param costTotal cost of the positions ({@code pchs_amt_smtl_amt})
     * @param valueTotal valuation of the positions ({@code evlu_amt_smtl_amt})
     * @param pnlTotal the difference, signed ({@code evlu_pfls_smtl_amt})
     * @param changeToday total value less that of the last close, signed ({@code asst_icdc_amt}); empty when
     *     absent
     */
    public record Cash(
            long deposit,
            long depositD1,
            long depositD2,
            long buysToday,
            long sellsToday,
            long costsToday,
            long securitiesValue,
            long totalValue,
            long netAssets,
            long costTotal,
            long valueTotal,
            long pnlTotal,
            OptionalLong changeToday) {}

    /** Reads a page whose blocks are {@code output1} (positions) and {@code output2} (sums, a list of one). */
    public static ParseResult<BalanceAnswer> parse(RestReply reply) {
        return ParseResult.of(() -> new BalanceAnswer(
                reply.rows("output1").stream()
                        .map(BalanceAnswer::holding)
                        .filter(holding -> holding.qty() > 0)
                        .toList(),
                cash(reply.row("output2").orElseThrow(() -> BadFieldException.missing("output2")))));
    }

    private static Holding holding(Row row) {
        return new Holding(
                row.symbol("pdno"),
                row.textOr("prdt_name", ""),
                row.shares("hldg_qty"),
                row.shares("ord_psbl_qty"),
                row.decimalOr("pchs_avg_pric", BigDecimal.ZERO),
                row.wonOr("pchs_amt", 0),
                row.wonOr("prpr", 0),
                row.wonOr("evlu_amt", 0),
                row.wonOr("evlu_pfls_amt", 0),
                row.decimalOr("evlu_pfls_rt", BigDecimal.ZERO),
                row.textOr("trad_dvsn_name", ""),
                CreditCodes.date(row.textOr("loan_dt", "")),
                row.wonOr("loan_amt", 0));
    }

    private static Cash cash(Row row) {
        return new Cash(
                row.won("dnca_tot_amt"),
                row.won("nxdy_excc_amt"),
                row.won("prvs_rcdl_excc_amt"),
                row.wonOr("thdt_buy_amt", 0),
                row.wonOr("thdt_sll_amt", 0),
                row.wonOr("thdt_tlex_amt", 0),
                row.wonOr("scts_evlu_amt", 0),
                row.won("tot_evlu_amt"),
                row.wonOr("nass_amt", 0),
                row.wonOr("pchs_amt_smtl_amt", 0),
                row.wonOr("evlu_amt_smtl_amt", 0),
                row.wonOr("evlu_pfls_smtl_amt", 0),
                change(row));
    }

    private static OptionalLong change(Row row) {
        long change = row.wonOr("asst_icdc_amt", Long.MIN_VALUE);
        return change == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(change);
    }
}
