package kr.kisgateway.gateway.quote;

import kr.kisgateway.market.UsSymbol;

/**
 * The last pushed trade of a US stock. A polled price is no trade: it has the day's figures and no shares of its own
 * ({@link #polled}).
 *
 * @param qty shares of this trade; 0 for a polled price
 * @param date New York date, {@code yyyyMMdd}; 0 for a polled price, and where KIS does not send it
 * @param timeOfDay New York time of the trade, {@code HHmmss}; 0 for a polled price
 * @param atMs receipt time, epoch milliseconds
 * @param feed feed that pushed it
 */
public record LastUsTick(
        UsSymbol symbol, UsFigures figures, long qty, int date, int timeOfDay, long atMs, PushFeed feed) {
    /** A tick without a date. */
    public LastUsTick(UsSymbol symbol, UsFigures figures, long qty, int timeOfDay, long atMs, PushFeed feed) {
        this(symbol, figures, qty, 0, timeOfDay, atMs, feed);
    }

    /** Whether it was polled instead of pushed; polled values are never part of the tape. */
    public boolean polled() {
        return qty == 0;
    }
}
