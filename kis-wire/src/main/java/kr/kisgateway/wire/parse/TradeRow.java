package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.time.LocalTime;
import java.util.List;
import java.util.OptionalLong;

/**
 * One trade of the last trading day (체결), of {@code inquire-ccnl} (FHKST01010300) or {@code inquire-time-itemconclusion}
 * (FHPST01060000). Prices are whole won, quantities shares.
 *
 * @param time KST
 * @param price of the trade
 * @param change signed difference from the base ({@code prdy_vrss})
 * @param changePct the same in percent, signed
 * @param qty shares of the trade ({@code cntg_vol}, {@code cnqn})
 * @param strength buyers' volume in percent of sellers' (체결강도, {@code tday_rltv}); 0 when absent
 * @param ask best ask then; empty where the call has none
 * @param bid best bid then; empty where the call has none
 * @param volume shares traded until then; empty where the call has none
 */
public record TradeRow(
        LocalTime time,
        long price,
        long change,
        BigDecimal changePct,
        long qty,
        BigDecimal strength,
        OptionalLong ask,
        OptionalLong bid,
        OptionalLong volume) {

    /** The rows of {@code inquire-ccnl}, newest first. */
    public static ParseResult<List<TradeRow>> parseLatest(RestReply reply) {
        return parse(reply, "output", "stck_prpr", "cntg_vol");
    }

    /** The rows of {@code inquire-time-itemconclusion}, newest first. */
    public static ParseResult<List<TradeRow>> parseUntil(RestReply reply) {
        return parse(reply, "output2", "stck_pbpr", "cnqn");
    }

    private static ParseResult<List<TradeRow>> parse(RestReply reply, String block, String price, String qty) {
        return ParseResult.of(() -> reply.rows(block).stream()
                .filter(row -> row.has("stck_cntg_hour"))
                .map(row -> new TradeRow(
                        row.time("stck_cntg_hour"),
                        row.won(price),
                        row.changeInWon("prdy_vrss", "prdy_vrss_sign"),
                        row.change("prdy_ctrt", "prdy_vrss_sign"),
                        row.sharesOr(qty, 0),
                        row.decimalOr("tday_rltv", BigDecimal.ZERO),
                        row.wonIfAny("askp"),
                        row.wonIfAny("bidp"),
                        row.wonIfAny("acml_vol")))
                .toList());
    }
}
