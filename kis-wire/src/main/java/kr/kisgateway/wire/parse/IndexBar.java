package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/**
 * One bar of an index, in points: a row of {@code inquire-daily-indexchartprice} (업종기간별시세, FHKUP03500100).
 *
 * @param date the trading day; for longer bars the day KIS gives it
 * @param open first value
 * @param high highest value
 * @param low lowest value
 * @param close last value ({@code bstp_nmix_prpr})
 * @param volume {@code acml_vol} in KIS's unit, which is not documented
 * @param turnover {@code acml_tr_pbmn} in KIS's unit, which is not documented
 */
public record IndexBar(
        LocalDate date,
        BigDecimal open,
        BigDecimal high,
        BigDecimal low,
        BigDecimal close,
        long volume,
        long turnover) {

    /** The rows of {@code output2}, newest first; empty rows are left out. */
    public static ParseResult<List<IndexBar>> parseAll(RestReply reply) {
        return ParseResult.of(() -> reply.rows("output2").stream()
                .filter(row -> row.has("stck_bsop_date"))
                .map(row -> new IndexBar(
                        row.date("stck_bsop_date"),
                        row.decimalOr("bstp_nmix_oprc", BigDecimal.ZERO),
                        row.decimalOr("bstp_nmix_hgpr", BigDecimal.ZERO),
                        row.decimalOr("bstp_nmix_lwpr", BigDecimal.ZERO),
                        row.decimal("bstp_nmix_prpr"),
                        row.sharesOr("acml_vol", 0),
                        row.wonOr("acml_tr_pbmn", 0)))
                .toList());
    }
}
