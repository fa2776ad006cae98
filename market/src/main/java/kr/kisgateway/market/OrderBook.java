package kr.kisgateway.market;

/**
 * A full snapshot of the order book (호가), up to {@link #LEVELS} levels a side. Prices are whole won, quantities shares;
 * an absent level has price 0. Level 0 is the best. Immutable: the constructor takes over the array, callers must not
 * retain it.
 */
public final class OrderBook {
    /** Visible levels on each side. */
    public static final int LEVELS = 10;

    private static final int ASK_PRICE = 0;
    private static final int BID_PRICE = LEVELS;
    private static final int ASK_QTY = 2 * LEVELS;
    private static final int BID_QTY = 3 * LEVELS;

    private final Symbol symbol;
    private final int timeOfDay;
    private final long[] levels;
    private final long totalAskQty;
    private final long totalBidQty;

    /**
     * @param timeOfDay KST wall-clock time as {@code HHmmss}
     * @param levels 40 values in KIS's order: ask prices 1–10, bid prices 1–10, ask quantities 1–10, bid quantities
     *     1–10
     * @param totalAskQty shares offered on all levels, visible or not
     * @param totalBidQty shares bid on all levels, visible or not
     */
    public OrderBook(Symbol symbol, int timeOfDay, long[] levels, long totalAskQty, long totalBidQty) {
        if (levels.length != 4 * LEVELS) {
            throw new IllegalArgumentException("an order book has " + 4 * LEVELS + " values, not " + levels.length);
        }
        this.symbol = symbol;
        this.timeOfDay = timeOfDay;
        this.levels = levels;
        this.totalAskQty = totalAskQty;
        this.totalBidQty = totalBidQty;
    }

    public Symbol symbol() {
        return symbol;
    }

    /** KST wall-clock time as {@code HHmmss}. */
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
