package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/**
 * One overseas bar of a day, week or month, in the exchange's currency: a row of {@code dailyprice} (해외주식 기간별시세,
 * HHDFS76240000).
 *
 * @param date the local trading day ({@code xymd}); for longer bars the day KIS gives it
 * @param open first price; 0 when absent, like high and low
 * @param high highest price
 * @param low lowest price
 * @param close last price ({@code clos})
 * @param volume shares traded
 * @param turnover amount traded
 * @param change signed difference from the close before ({@code diff} with {@code sign})
 */
public record OverseasDayBar(
        LocalDate date,
        BigDecimal open,
        BigDecimal high,
        BigDecimal low,
        BigDecimal close,
        long volume,
        BigDecimal turnover,
        BigDecimal change) {

    /** The rows of {@code output2}, newest first; empty rows are left out. */
    public static ParseResult<List<OverseasDayBar>> parseAll(RestReply reply) {
        return ParseResult.of(() -> reply.rows("output2").stream()
                .filter(row -> row.has("xymd"))
                .map(row -> new OverseasDayBar(
                        row.date("xymd"),
                        row.decimalOr("open", BigDecimal.ZERO),
                        row.decimalOr("high", BigDecimal.ZERO),
                        row.decimalOr("low", BigDecimal.ZERO),
                        row.decimal("clos"),
                        row.sharesOr("tvol", 0),
                        row.decimalOr("tamt", BigDecimal.ZERO),
                        row.change("diff", "sign")))
                .toList());
    }
}
