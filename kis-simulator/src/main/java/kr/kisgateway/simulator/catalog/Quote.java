package kr.kisgateway.simulator.catalog;

/**
 * The prices of one product at one time, in units of the last decimal of its {@link PriceKind}.
 *
 * @param previous the close of the day before, the reference of change and limits
 * @param volume pieces traded that day until then
 */
record Quote(
        PriceKind kind,
        long last,
        long previous,
        long open,
        long high,
        long low,
        long upper,
        long lower,
        long tick,
        long volume,
        long turnover) {
    /** The quote of an unlisted stock: price 0. */
    static final Quote NONE = new Quote(PriceKind.STOCK, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    long change() {
        return last - previous;
    }

    /** 1 upper limit, 2 up, 3 level, 4 lower limit, 5 down. */
    static String sign(long change) {
        return change > 0 ? "2" : change < 0 ? "5" : "3";
    }
}
