package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Symbol;

/**
 * One place of a ranking: 거래량순위 (FHPST01710000), 등락률 순위 (FHPST01700000) or 시가총액 상위 (FHPST01740000). Prices are
 * whole won, quantities shares.
 *
 * @param rank 1 is the first ({@code data_rank})
 * @param symbol the stock
 * @param name its Korean name
 * @param price last price
 * @param change signed difference from the base
 * @param changePct the same in percent, signed
 * @param volume shares traded today
 * @param turnover won traded today; empty where the ranking has none
 * @param marketCap market value in units of 100 million won (억원, {@code stck_avls}); empty where the ranking has none
 * @param volumeGrowthPct volume of today in percent of the usual one ({@code vol_inrt}); empty where the ranking has none
 * @param turnoverRatePct volume of today in percent of the listed shares ({@code vol_tnrt}); empty where the ranking has none
 */
public record RankRow(
        int rank,
        Symbol symbol,
        String name,
        long price,
        long change,
        BigDecimal changePct,
        long volume,
        OptionalLong turnover,
        OptionalLong marketCap,
        Optional<BigDecimal> volumeGrowthPct,
        Optional<BigDecimal> turnoverRatePct) {

    /** The rows of {@code output}, the first place first; empty rows are left out. */
    public static ParseResult<List<RankRow>> parseAll(RestReply reply) {
        return ParseResult.of(() -> reply.rows("output").stream()
                .filter(row -> row.has("mksc_shrn_iscd") || row.has("stck_shrn_iscd"))
                .map(RankRow::parse)
                .toList());
    }

    private static RankRow parse(Row row) {
        return new RankRow(
                Math.toIntExact(Math.min(row.shares("data_rank"), Integer.MAX_VALUE)),
                row.symbol(row.has("mksc_shrn_iscd") ? "mksc_shrn_iscd" : "stck_shrn_iscd"),
                row.textOr("hts_kor_isnm", ""),
                row.won("stck_prpr"),
                row.changeInWon("prdy_vrss", "prdy_vrss_sign"),
                row.change("prdy_ctrt", "prdy_vrss_sign"),
                row.sharesOr("acml_vol", 0),
                row.wonIfAny("acml_tr_pbmn"),
                row.wonIfAny("stck_avls"),
                row.decimalIfAny("vol_inrt"),
                row.decimalIfAny("vol_tnrt"));
    }
}
