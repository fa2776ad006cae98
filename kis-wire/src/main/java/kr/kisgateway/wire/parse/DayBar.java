package kr.kisgateway.wire.parse;

import java.time.LocalDate;
import java.util.List;

/**
 * One bar of a day, week, month or year (봉), of {@code inquire-daily-itemchartprice} (FHKST03010100). Prices are whole won.
 *
 * @param date the trading day; for longer bars the day KIS gives it ({@code stck_bsop_date})
 * @param open first price ({@code stck_oprc}); 0 for a day without a trade, like high and low
 * @param high highest price
 * @param low lowest price
 * @param close last price, so far where the bar is not over ({@code stck_clpr})
 * @param volume shares traded
 * @param turnover won traded
 * @param change signed difference from the close before ({@code prdy_vrss})
 * @param exCode 락구분 ({@code flng_cls_code}) as KIS wrote it: {@code 00} is none, others are ex-rights and ex-dividend days;
 *     empty when absent
 */
public record DayBar(
        LocalDate date,
        long open,
        long high,
        long low,
        long close,
        long volume,
        long turnover,
        long change,
        String exCode) {

    /** The rows of {@code output2}, newest first. KIS writes an empty row where it has no bar; those are left out. */
    public static ParseResult<List<DayBar>> parseAll(RestReply reply) {
        return ParseResult.of(() -> reply.rows("output2").stream()
                .filter(row -> row.has("stck_bsop_date"))
                .map(DayBar::parse)
                .toList());
    }

    private static DayBar parse(Row row) {
        return new DayBar(
                row.date("stck_bsop_date"),
                row.wonOr("stck_oprc", 0),
                row.wonOr("stck_hgpr", 0),
                row.wonOr("stck_lwpr", 0),
                row.won("stck_clpr"),
                row.sharesOr("acml_vol", 0),
                row.wonOr("acml_tr_pbmn", 0),
                row.changeInWon("prdy_vrss", "prdy_vrss_sign"),
                row.textOr("flng_cls_code", ""));
    }
}
