package kr.kisgateway.wire.parse;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Trading of a stock by investors on one day: a row of {@code inquire-investor} (주식현재가 투자자, FHKST01010900). KIS leaves
 * today's figures blank until they are calculated after the close.
 *
 * @param date the trading day
 * @param close last price, whole won
 * @param change signed difference from the close before
 * @param persons 개인; empty while KIS has no figures
 * @param foreigners 외국인; empty while KIS has no figures
 * @param institutions 기관계; empty while KIS has no figures
 */
public record InvestorDay(
        LocalDate date,
        long close,
        long change,
        Optional<Flow> persons,
        Optional<Flow> foreigners,
        Optional<Flow> institutions) {

    /**
     * Trading of one kind of investor.
     *
     * @param netQty shares bought less sold, signed ({@code …_ntby_qty})
     * @param netAmount the same in millions of won ({@code …_ntby_tr_pbmn})
     * @param boughtQty shares
     * @param boughtAmount millions of won
     * @param soldQty shares
     * @param soldAmount millions of won
     */
    public record Flow(long netQty, long netAmount, long boughtQty, long boughtAmount, long soldQty, long soldAmount) {}

    /** The rows of {@code output}, newest first. */
    public static ParseResult<List<InvestorDay>> parseAll(RestReply reply) {
        return ParseResult.of(() -> reply.rows("output").stream()
                .filter(row -> row.has("stck_bsop_date"))
                .map(row -> new InvestorDay(
                        row.date("stck_bsop_date"),
                        row.won("stck_clpr"),
                        row.changeInWon("prdy_vrss", "prdy_vrss_sign"),
                        flow(row, "prsn"),
                        flow(row, "frgn"),
                        flow(row, "orgn")))
                .toList());
    }

    private static Optional<Flow> flow(Row row, String columnPrefix) {
        return row.has(columnPrefix + "_ntby_qty")
                ? Optional.of(new Flow(
                        row.won(columnPrefix + "_ntby_qty"),
                        row.wonOr(columnPrefix + "_ntby_tr_pbmn", 0),
                        row.sharesOr(columnPrefix + "_shnu_vol", 0),
                        row.wonOr(columnPrefix + "_shnu_tr_pbmn", 0),
                        row.sharesOr(columnPrefix + "_seln_vol", 0),
                        row.wonOr(columnPrefix + "_seln_tr_pbmn", 0)))
                : Optional.empty();
    }
}
