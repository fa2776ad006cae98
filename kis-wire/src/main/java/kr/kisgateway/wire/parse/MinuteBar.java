package kr.kisgateway.wire.parse;

import java.time.LocalDateTime;
import java.util.List;

/**
 * One bar of a minute (분봉), of {@code inquire-time-itemchartprice} (today, FHKST03010200) or
 * {@code inquire-time-dailychartprice} (past days, FHKST03010230). Prices are whole won.
 *
 * @param at start of the minute, KST ({@code stck_bsop_date}, {@code stck_cntg_hour})
 * @param open first price
 * @param high highest price
 * @param low lowest price
 * @param close last price, so far where the minute is not over ({@code stck_prpr})
 * @param qty shares traded in it ({@code cntg_vol}); for the running minute KIS sends the previous minute's until its first
 *     trade
 * @param turnover won traded that day up to the end of the minute ({@code acml_tr_pbmn})
 */
public record MinuteBar(LocalDateTime at, long open, long high, long low, long close, long qty, long turnover) {

    /** The rows of {@code output2}, newest first. Rows without a time are left out. */
    public static ParseResult<List<MinuteBar>> parseAll(RestReply reply) {
        return ParseResult.of(() -> reply.rows("output2").stream()
                .filter(row -> row.has("stck_bsop_date") && row.has("stck_cntg_hour"))
                .map(MinuteBar::parse)
                .toList());
    }

    private static MinuteBar parse(Row row) {
        return new MinuteBar(
                row.date("stck_bsop_date").atTime(row.time("stck_cntg_hour")),
                row.won("stck_oprc"),
                row.won("stck_hgpr"),
                row.won("stck_lwpr"),
                row.won("stck_prpr"),
                row.sharesOr("cntg_vol", 0),
                row.wonOr("acml_tr_pbmn", 0));
    }
}
