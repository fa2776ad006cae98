package kr.kisgateway.simulator.exchange;

import java.util.NavigableMap;
import java.util.TreeSet;

/**
 * The price of a call auction (단일가매매).
 *
 * <p>Problem: collected bids and offers overlap, and one price is needed at which all trades happen. The exchange's rule is the
 * price at which the most shares trade; among several, the one that leaves the fewest shares on the longer side; among several,
 * the one nearest to the reference price (the last price, before the opening the base price), and of two equally near the
 * higher. The candidates are the prices of the orders, and the reference.
 *
 * <p>The exchange publishes that the volume decides and then the nearness to the last price; the surplus in between and the
 * higher of two are assumed, as in most call auctions. Market orders (시장가) accept any price.
 */
public final class Auction {
    private Auction() {}

    /**
     * The result of an auction.
     *
     * @param price in won; the reference when nothing trades
     * @param qty shares, 0 when the orders do not cross
     */
    public record Match(long price, long qty) {}

    /**
     * @param reference a valid price
     * @param bids shares by price, as {@code asks}
     */
    static Match match(
            long reference,
            long marketBids,
            NavigableMap<Long, Long> bids,
            long marketAsks,
            NavigableMap<Long, Long> asks) {
        var prices = new TreeSet<>(bids.keySet());
        prices.addAll(asks.keySet());
        prices.add(reference);
        long demand =
                marketBids + bids.values().stream().mapToLong(Long::longValue).sum();
        long supply = marketAsks;
        long bestPrice = reference;
        long bestQty = 0;
        long bestSurplus = Long.MAX_VALUE;
        for (long price : prices) {
            supply += asks.getOrDefault(price, 0L);
            long qty = Math.min(demand, supply);
            long surplus = Math.abs(demand - supply);
            boolean better = qty != bestQty
                    ? qty > bestQty
                    : surplus != bestSurplus
                            ? surplus < bestSurplus
                            // From the lowest up, so that of two equally near prices the later one is the higher.
                            : Math.abs(price - reference) <= Math.abs(bestPrice - reference);
            if (qty > 0 && better) {
                bestPrice = price;
                bestQty = qty;
                bestSurplus = surplus;
            }
            demand -= bids.getOrDefault(price, 0L);
        }
        return new Match(bestPrice, bestQty);
    }
}
