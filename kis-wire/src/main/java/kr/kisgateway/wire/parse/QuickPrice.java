package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.util.List;
import kr.kisgateway.market.Symbol;

/**
 * One row of {@code intstock-multprice} (관심종목 멀티종목 시세조회, FHKST11300006), which answers for up to 30 stocks at once.
 * Prices are whole won, quantities shares.
 *
 * @param symbol the stock ({@code inter_shrn_iscd})
 * @param name its Korean name
 * @param price last price ({@code inter2_prpr}); 0 for a symbol that KIS does not list
 * @param change signed difference from the base ({@code inter2_prdy_vrss})
 * @param changePct the same in percent, signed
 * @param volume shares traded today
 * @param turnover won traded today
 * @param open first price; 0 before the first trade
 * @param high highest price; 0 before the first trade
 * @param low lowest price; 0 before the first trade
 * @param upperLimit highest price allowed today ({@code inter2_mxpr})
 * @param lowerLimit lowest price allowed today ({@code inter2_llam})
 * @param base the base price of the limits ({@code inter2_sdpr})
 * @param previousClose {@code inter2_prdy_clpr}
 * @param ask best ask ({@code inter2_askp}); 0 when there is none
 * @param bid best bid ({@code inter2_bidp}); 0 when there is none
 * @param askQty shares at the best ask ({@code seln_rsqn})
 * @param bidQty shares at the best bid ({@code shnu_rsqn})
 * @param totalAskQty shares offered on all levels
 * @param totalBidQty shares bid on all levels
 */
public record QuickPrice(
        Symbol symbol,
        String name,
        long price,
        long change,
        BigDecimal changePct,
        long volume,
        long turnover,
        long open,
        long high,
        long low,
        long upperLimit,
        long lowerLimit,
        long base,
        long previousClose,
        long ask,
        long bid,
        long askQty,
        long bidQty,
        long totalAskQty,
        long totalBidQty) {

    /** The rows of {@code output} in the order of the request; rows without a code are left out. */
    public static ParseResult<List<QuickPrice>> parseAll(RestReply reply) {
        return ParseResult.of(() -> reply.rows("output").stream()
                .filter(row -> row.has("inter_shrn_iscd"))
                .map(QuickPrice::parse)
                .toList());
    }

    private static QuickPrice parse(Row row) {
        return new QuickPrice(
                row.symbol("inter_shrn_iscd"),
                row.textOr("inter_kor_isnm", ""),
                row.wonOr("inter2_prpr", 0),
                row.changeInWon("inter2_prdy_vrss", "prdy_vrss_sign"),
                row.change("prdy_ctrt", "prdy_vrss_sign"),
                row.sharesOr("acml_vol", 0),
                row.wonOr("acml_tr_pbmn", 0),
                row.wonOr("inter2_oprc", 0),
                row.wonOr("inter2_hgpr", 0),
                row.wonOr("inter2_lwpr", 0),
                row.wonOr("inter2_mxpr", 0),
                row.wonOr("inter2_llam", 0),
                row.wonOr("inter2_sdpr", 0),
                row.wonOr("inter2_prdy_clpr", 0),
                row.wonOr("inter2_askp", 0),
                row.wonOr("inter2_bidp", 0),
                row.sharesOr("seln_rsqn", 0),
                row.sharesOr("shnu_rsqn", 0),
                row.sharesOr("total_askp_rsqn", 0),
                row.sharesOr("total_bidp_rsqn", 0));
    }
}
