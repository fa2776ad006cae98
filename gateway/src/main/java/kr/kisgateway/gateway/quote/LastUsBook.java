package kr.kisgateway.gateway.quote;

import java.math.BigDecimal;
import java.util.List;
import kr.kisgateway.market.UsSymbol;

/**
 * The last order book of an American stock, in dollars and shares; KIS pushes the best level alone.
 *
 * @param asks best first
 * @param bids best first
 * @param totalAskQty shares offered on all levels
 * @param totalBidQty shares wanted on all levels
 * @param timeOfDay New York's, {@code HHmmss}
 * @param atMs when it came, epoch milliseconds
 */
public record LastUsBook(
        UsSymbol symbol,
        List<Level> asks,
        List<Level> bids,
        long totalAskQty,
        long totalBidQty,
        int timeOfDay,
        long atMs) {
    public LastUsBook {
        asks = List.copyOf(asks);
        bids = List.copyOf(bids);
    }

    /** One price of the book with the shares at it. */
    public record Level(BigDecimal price, long qty) {}
}
