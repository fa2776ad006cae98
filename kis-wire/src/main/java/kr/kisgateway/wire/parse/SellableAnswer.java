package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import kr.kisgateway.market.Symbol;

/**
 * What of one instrument may be sold: the answer of {@code inquire-psbl-sell} (매도가능수량조회, TTTC8408R), or a row of the
 * balance.
 *
 * @param symbol the instrument
 * @param heldQty shares held ({@code cblc_qty}); 0 when there are none
 * @param sellableQty held less what open sells reserve ({@code ord_psbl_qty})
 * @param avgPrice average buying price with the scale KIS wrote ({@code pchs_avg_pric}); 0 when not said
 */
public record SellableAnswer(Symbol symbol, long heldQty, long sellableQty, BigDecimal avgPrice) {

    /** Nothing is held. */
    public static SellableAnswer none(Symbol symbol) {
        return new SellableAnswer(symbol, 0, 0, BigDecimal.ZERO);
    }

    /** What the balance says about it. */
    public static SellableAnswer of(BalanceAnswer.Holding holding) {
        return new SellableAnswer(holding.symbol(), holding.qty(), holding.sellableQty(), holding.avgPrice());
    }

    /**
     * Reads the block {@code output}.
     *
     * @param requestedSymbol the instrument that was asked for: KIS does not repeat what is not held
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
