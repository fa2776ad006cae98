package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;

/**
 * The answer of {@code inquire-asking-price-exp-ccn} (주식현재가 호가/예상체결, FHKST01010200). An unknown symbol is answered
 * with an empty book and no error.
 *
 * @param book ten levels a side; its time is that of its last order ({@code aspr_acpt_hour}), 0 when absent
 * @param expected the indicative result of an auction now
 */
public record BookAnswer(OrderBook book, ExpectedMatch expected) {

    /**
     * The expected match (예상체결), in won and shares.
     *
     * @param price {@code antc_cnpr}; 0 when there is no auction
     * @param change signed difference from the base ({@code antc_cntg_vrss})
     * @param changePct the same in percent, signed ({@code antc_cntg_prdy_ctrt})
     * @param qty shares that would be traded ({@code antc_vol})
     * @param phaseCode {@code antc_mkop_cls_code} as KIS wrote it; empty when absent
     * @param viCode {@code vi_cls_code} as KIS wrote it, {@code N} outside a volatility interruption; empty when absent
     */
    public record ExpectedMatch(
            long price, long change, BigDecimal changePct, long qty, String phaseCode, String viCode) {}

    /**
     * Reads {@code output1} (the book) and {@code output2} (the expected match).
     *
     * @param requestedSymbol the requested symbol: KIS does not always repeat it
     */
    public static ParseResult<BookAnswer> parse(RestReply reply, Symbol requestedSymbol) {
        return ParseResult.of(() -> new BookAnswer(
                book(reply.row("output1").orElseThrow(() -> BadFieldException.missing("output1")), requestedSymbol),
                expected(reply.row("output2").orElseThrow(() -> BadFieldException.missing("output2")))));
    }

    private static OrderBook book(Row row, Symbol symbol) {
        long[] levels = new long[4 * OrderBook.LEVELS];
        String[] columns = {"askp", "bidp", "askp_rsqn", "bidp_rsqn"};
        for (int column = 0; column < columns.length; column++) {
            for (int level = 0; level < OrderBook.LEVELS; level++) {
                levels[column * OrderBook.LEVELS + level] = row.sharesOr(columns[column] + (level + 1), 0);
            }
        }
        int time = row.timeIfAny("aspr_acpt_hour")
                .map(it -> it.getHour() * 10_000 + it.getMinute() * 100 + it.getSecond())
                .orElse(0);
        return new OrderBook(
                symbol, time, levels, row.sharesOr("total_askp_rsqn", 0), row.sharesOr("total_bidp_rsqn", 0));
    }

    private static ExpectedMatch expected(Row row) {
        return new ExpectedMatch(
                row.wonOr("antc_cnpr", 0),
                row.changeInWon("antc_cntg_vrss", "antc_cntg_vrss_sign"),
                row.change("antc_cntg_prdy_ctrt", "antc_cntg_vrss_sign"),
                row.sharesOr("antc_vol", row.sharesOr("antc_cnqn", 0)),
                row.textOr("antc_mkop_cls_code", ""),
                row.textOr("vi_cls_code", ""));
    }
}
