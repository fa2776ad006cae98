package kr.kisgateway.market;

import java.util.List;

/**
 * A full snapshot of the order book (호가), up to {@link #LEVELS} levels a side. Prices are units of the market's
 * currency (whole won, ten-thousandths of a dollar), quantities shares; an absent level has price 0. Level 0 is the best. Immutable: the constructor takes over the array, callers must not
 * retain it.
 */
public final class OrderBook {
    /** Visible levels on each side. */
    public static final int LEVELS = 10;

    private static final int ASK_PRICE = 0;
    private static final int BID_PRICE = LEVELS;
    private static final int ASK_QTY = 2 * LEVELS;
    private static final int BID_QTY = 3 * LEVELS;

    private final MarketSymbol symbol;
    private final int timeOfDay;
    private final long[] levels;
    private final long totalAskQty;
    private final long totalBidQty;

    /**
     * @param timeOfDay time by the market's clock as {@code HHmmss}; 0 where the source does not have it
     * @param levels 40 values in KIS's order: ask prices 1–10, bid prices 1–10, ask quantities 1–10, bid quantities
     *     1–10
     * @param totalAskQty shares offered on all levels, visible or not
     * @param totalBidQty shares bid on all levels, visible or not
     */
    public OrderBook(MarketSymbol symbol, int timeOfDay, long[] levels, long totalAskQty, long totalBidQty) {
        if (levels.length != 4 * LEVELS) {
            throw new IllegalArgumentException("an order book has " + 4 * LEVELS + " values, not " + levels.length);
        }
        this.symbol = symbol;
        this.timeOfDay = timeOfDay;
        this.levels = levels;
        this.totalAskQty = totalAskQty;
        this.totalBidQty = totalBidQty;
    }

    /** One price with the shares at it. */
    public record Level(long price, long qty) {}

    /**
     * A book of the levels that a source has, {@link #LEVELS} a side at most.
     *
     * @param asks best first
     * @param bids best first
     */
    public static OrderBook of(
            MarketSymbol symbol,
            int timeOfDay,
            List<Level> asks,
            List<Level> bids,
            long totalAskQty,
            long totalBidQty) {
        long[] levels = new long[4 * LEVELS];
        copy(asks, levels, ASK_PRICE, ASK_QTY);
        copy(bids, levels, BID_PRICE, BID_QTY);
        return new OrderBook(symbol, timeOfDay, levels, totalAskQty, totalBidQty);
    }

    private static void copy(List<Level> side, long[] levels, int price, int qty) {
        for (int i = 0; i < Math.min(LEVELS, side.size()); i++) {
            levels[price + i] = side.get(i).price();
            levels[qty + i] = side.get(i).qty();
        }
    }

    /** The same book under another symbol: that of the stock at a venue. */
    public OrderBook withSymbol(MarketSymbol other) {
        return new OrderBook(other, timeOfDay, levels, totalAskQty, totalBidQty);
    }

    public MarketSymbol symbol() {
        return symbol;
    }

    /** Time by the market's clock as {@code HHmmss}; 0 where the source does not have it. */
    public int timeOfDay() {
        return timeOfDay;
    }

    public long askPrice(int level) {
        return levels[ASK_PRICE + level];
    }

    public long bidPrice(int level) {
        return levels[BID_PRICE + level];
    }

    public long askQty(int level) {
        return levels[ASK_QTY + level];
    }

    public long bidQty(int level) {
        return levels[BID_QTY + level];
    }

    public long totalAskQty() {
        return totalAskQty;
    }

    public long totalBidQty() {
        return totalBidQty;
    }

    @Override
    public String toString() {
        return symbol + " " + bidPrice(0) + "×" + bidQty(0) + " / " + askPrice(0) + "×" + askQty(0);
    }
}
