package kr.kisgateway.gateway.quote;

import kr.kisgateway.market.UsSymbol;

/**
 * The last trade of an American stock that KIS pushed. What was polled is no trade: it has the day's figures and no shares of
 * its own ({@link #polled}).
 *
 * @param qty shares of this trade; 0 for what was polled
 * @param date New York's, {@code yyyyMMdd}; 0 for what was polled, and where KIS does not tell
 * @param timeOfDay when it was traded, New York's, {@code HHmmss}; 0 for what was polled
 * @param atMs when it came, epoch milliseconds
 * @param feed by which feed
 */
public record LastUsTick(
        UsSymbol symbol, UsFigures figures, long qty, int date, int timeOfDay, long atMs, UsFeed feed) {
    /** One whose date is not known. */
    public LastUsTick(UsSymbol symbol, UsFigures figures, long qty, int timeOfDay, long atMs, UsFeed feed) {
        this(symbol, figures, qty, 0, timeOfDay, atMs, feed);
    }

    /** Whether KIS was asked for it instead of pushing it; it never is part of the tape. */
    public boolean polled() {
        return qty == 0;
    }
}
