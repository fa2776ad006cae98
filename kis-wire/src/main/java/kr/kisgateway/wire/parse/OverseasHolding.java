package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.wire.OverseasSymbol;

/**
 * One overseas position, in its currency: a row of {@code overseas inquire-balance} (해외주식 잔고, TTTS3012R).
 *
 * @param code the instrument's code ({@code ovrs_pdno})
 * @param exchange {@code ovrs_excg_cd} as KIS wrote it; {@link #symbol} reads it
 * @param name as KIS writes it; empty when absent
 * @param qty shares held ({@code ovrs_cblc_qty})
 * @param sellableQty holding less open sells ({@code ord_psbl_qty})
 * @param avgPrice average buying price
 * @param cost total purchase amount ({@code frcr_pchs_amt1})
 * @param price last price ({@code now_pric2})
 * @param value valuation ({@code ovrs_stck_evlu_amt})
 * @param pnl valuation less cost, signed ({@code frcr_evlu_pfls_amt})
 * @param pnlPct the same in percent, signed
 * @param currency {@code USD}
 */
public record OverseasHolding(
        String code,
        String exchange,
        String name,
        long qty,
        long sellableQty,
        BigDecimal avgPrice,
        BigDecimal cost,
        BigDecimal price,
        BigDecimal value,
        BigDecimal pnl,
        BigDecimal pnlPct,
        String currency) {

    /** The instrument; empty where its exchange or code is unsupported. */
    public Optional<OverseasSymbol> symbol() {
        return OverseasSymbol.of(exchange, code);
    }

    /** The rows of {@code output1} that have shares. */
    public static ParseResult<List<OverseasHolding>> parseAll(RestReply reply) {
        return ParseResult.of(() -> reply.rows("output1").stream()
                .filter(row -> row.has("ovrs_pdno"))
                .map(OverseasHolding::parse)
                .filter(holding -> holding.qty() > 0)
                .toList());
    }

    private static OverseasHolding parse(Row row) {
        return new OverseasHolding(
                row.text("ovrs_pdno"),
                row.textOr("ovrs_excg_cd", ""),
                row.textOr("ovrs_item_name", ""),
                row.shares("ovrs_cblc_qty"),
                row.shares("ord_psbl_qty"),
                row.decimalOr("pchs_avg_pric", BigDecimal.ZERO),
                row.decimalOr("frcr_pchs_amt1", BigDecimal.ZERO),
                row.decimalOr("now_pric2", BigDecimal.ZERO),
                row.decimalOr("ovrs_stck_evlu_amt", BigDecimal.ZERO),
                row.decimalOr("frcr_evlu_pfls_amt", BigDecimal.ZERO),
                row.decimalOr("evlu_pfls_rt", BigDecimal.ZERO),
                row.textOr("tr_crcy_cd", ""));
    }
}
