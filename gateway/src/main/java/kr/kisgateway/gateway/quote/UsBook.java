package kr.kisgateway.gateway.quote;

import java.math.BigDecimal;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;

/**
 * The order book of a US stock, in dollars and shares, with as many levels as the source sends.
 *
 * @param bids best first
 * @param asks best first
 * @param totalBidQty bid shares on all levels, visible or not
 * @param totalAskQty offered shares on all levels, visible or not
 * @param at time of the book in New York, where the source sends it
 */
public record UsBook(List<Level> bids, List<Level> asks, long totalBidQty, long totalAskQty, Optional<LocalTime> at) {
    public UsBook {
        bids = List.copyOf(bids);
        asks = List.copyOf(asks);
    }

    /** One price with the shares at it. */
    public record Level(BigDecimal price, long qty) {}

    /** A copy with the best {@code depth} levels of each side alone. */
    public UsBook best(int depth) {
        return new UsBook(
                bids.subList(0, Math.min(depth, bids.size())),
                asks.subList(0, Math.min(depth, asks.size())),
                totalBidQty,
                totalAskQty,
                at);
    }

    public Optional<BigDecimal> bestBid() {
        return bestOf(bids);
    }

    public Optional<BigDecimal> bestAsk() {
        return bestOf(asks);
    }

    /** Absent while a side is empty. */
    public Optional<BigDecimal> spread() {
        return bestAsk().flatMap(ask -> bestBid().map(ask::subtract));
    }

    private static Optional<BigDecimal> bestOf(List<Level> side) {
        return side.stream().findFirst().map(Level::price);
    }
}
