package kr.kisgateway.gateway.quote;

import kr.kisgateway.market.UsSymbol;

/**
 * The last trade of an American stock that KIS pushed. What was polled is no trade: it has the day's figures and no shares of
 * its own ({@link #polled}).
 *
 * @param qty shares of this trade; 0 for what was polled
 * @param timeOfDay New York's, {@code HHmmss}; 0 for what was polled
 * @param atMs when it came, epoch milliseconds
 * @param feed by which feed
 */
public record LastUsTick(UsSymbol symbol, UsFigures figures, long qty, int timeOfDay, long atMs, UsFeed feed) {
    /** Whether KIS was asked for it instead of pushing it; it never is part of the tape. */
    public boolean polled() {
        return qty == 0;
    }
}
