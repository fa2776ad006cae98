package kr.kisgateway.wire.parse;

import java.math.BigDecimal;

/**
 * The answer of {@code inquire-index-price} (국내업종 현재지수, FHPUP02100000).
 *
 * @param value points ({@code bstp_nmix_prpr})
 * @param change signed difference from the last close, points
 * @param changePct the same in percent, signed
 * @param open first value; 0 before it
 * @param high highest value
 * @param low lowest value
 * @param volume {@code acml_vol} in KIS's unit, which is not documented
 * @param turnover {@code acml_tr_pbmn} in KIS's unit, which is not documented
 * @param rising stocks above their base ({@code ascn_issu_cnt})
 * @param atUpperLimit stocks at their upper limit
 * @param unchanged stocks at their base
 * @param falling stocks below their base
 * @param atLowerLimit stocks at their lower limit
 */
public record IndexAnswer(
        BigDecimal value,
        BigDecimal change,
        BigDecimal changePct,
        BigDecimal open,
        BigDecimal high,
        BigDecimal low,
        long volume,
        long turnover,
        long rising,
        long atUpperLimit,
        long unchanged,
        long falling,
        long atLowerLimit) {

    /** Reads the block {@code output}. */
    public static ParseResult<IndexAnswer> parse(RestReply reply) {
        return ParseResult.of(() -> parse(reply.row("output").orElseThrow(() -> BadFieldException.missing("output"))));
    }

    private static IndexAnswer parse(Row row) {
        return new IndexAnswer(
                row.decimal("bstp_nmix_prpr"),
                row.change("bstp_nmix_prdy_vrss", "prdy_vrss_sign"),
                row.change("bstp_nmix_prdy_ctrt", "prdy_vrss_sign"),
                row.decimalOr("bstp_nmix_oprc", BigDecimal.ZERO),
                row.decimalOr("bstp_nmix_hgpr", BigDecimal.ZERO),
                row.decimalOr("bstp_nmix_lwpr", BigDecimal.ZERO),
                row.sharesOr("acml_vol", 0),
                row.wonOr("acml_tr_pbmn", 0),
                row.sharesOr("ascn_issu_cnt", 0),
                row.sharesOr("uplm_issu_cnt", 0),
                row.sharesOr("stnr_issu_cnt", 0),
                row.sharesOr("down_issu_cnt", 0),
                row.sharesOr("lslm_issu_cnt", 0));
    }
}
