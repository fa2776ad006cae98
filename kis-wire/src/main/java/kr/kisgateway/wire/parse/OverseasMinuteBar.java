package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.List;

/**
 * One overseas bar of minutes, in the exchange's currency: a row of {@code overseas inquire-time-itemchartprice} (해외주식분봉조회,
 * HHDFS76950200).
 *
 * @param at its start, local time ({@code xymd}, {@code xhms})
 * @param open first price
 * @param high highest price
 * @param low lowest price
 * @param close last price ({@code last})
 * @param volume shares traded in it ({@code evol})
 * @param turnover amount traded in it ({@code eamt})
 */
public record OverseasMinuteBar(
        LocalDateTime at,
        BigDecimal open,
        BigDecimal high,
        BigDecimal low,
        BigDecimal close,
        long volume,
        BigDecimal turnover) {

    /** The rows of {@code output2}, newest first; rows without a time are left out. */
    public static ParseResult<List<OverseasMinuteBar>> parseAll(RestReply reply) {
        return ParseResult.of(() -> reply.rows("output2").stream()
                .filter(row -> row.has("xymd") && row.has("xhms"))
                .map(row -> new OverseasMinuteBar(
                        row.date("xymd").atTime(row.time("xhms")),
                        row.decimal("open"),
                        row.decimal("high"),
                        row.decimal("low"),
                        row.decimal("last"),
                        row.sharesOr("evol", 0),
                        row.decimalOr("eamt", BigDecimal.ZERO)))
                .toList());
    }
}
