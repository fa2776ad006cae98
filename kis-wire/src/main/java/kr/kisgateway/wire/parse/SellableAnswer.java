package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import kr.kisgateway.market.Symbol;

/**
 * The sellable quantity of one instrument: the answer of {@code inquire-psbl-sell} (매도가능수량조회, TTTC8408R), or a row of the
 * balance.
 *
 * @param symbol the instrument
 * @param heldQty shares held ({@code cblc_qty}); 0 when there are none
 * @param sellableQty holding less the reservations of open sells ({@code ord_psbl_qty})
 * @param avgPrice average buying price with the scale KIS wrote ({@code pchs_avg_pric}); 0 when absent
 */
public record SellableAnswer(Symbol symbol, long heldQty, long sellableQty, BigDecimal avgPrice) {

    /** No holding. */
    public static SellableAnswer none(Symbol symbol) {
        return new SellableAnswer(symbol, 0, 0, BigDecimal.ZERO);
    }

    /** The quantities of the balance. */
    public static SellableAnswer of(BalanceAnswer.Holding holding) {
        return new SellableAnswer(holding.symbol(), holding.qty(), holding.sellableQty(), holding.avgPrice());
    }

    /**
     * Reads the block {@code output}.
     *
     * @param requestedSymbol the requested instrument: KIS does not repeat it without a holding
     */
    public static ParseResult<SellableAnswer> parse(RestReply reply, Symbol requestedSymbol) {
        return ParseResult.of(() -> reply.row("output")
                .map(row -> new SellableAnswer(
                        requestedSymbol,
                        row.sharesOr("cblc_qty", 0),
                        row.sharesOr("ord_psbl_qty", 0),
                        row.decimalOr("pchs_avg_pric", BigDecimal.ZERO)))
                .orElseGet(() -> none(requestedSymbol)));
    }
}
