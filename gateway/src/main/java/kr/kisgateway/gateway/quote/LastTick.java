package kr.kisgateway.gateway.quote;

import java.util.OptionalLong;
import kr.kisgateway.market.Trade;

/**
 * The last pushed trade of a symbol, with the best prices of whatever came last, trade or book. What was polled is no
 * trade: it has the day's figures and no shares of its own ({@link #polled}).
 *
 * @param tradeAtMs when the trade came, epoch milliseconds
 * @param bestBid best bid in won; 0 when there is none
 * @param bestAsk best ask in won; 0 when there is none
 */
public record LastTick(Trade trade, long tradeAtMs, long bestBid, long bestAsk) {
    /** Whether KIS was asked for it instead of pushing it; it never is part of the tape. */
    public boolean polled() {
        return trade.qty() == 0;
    }

    OptionalLong bid() {
        return bestBid > 0 ? OptionalLong.of(bestBid) : OptionalLong.empty();
    }

    OptionalLong ask() {
        return bestAsk > 0 ? OptionalLong.of(bestAsk) : OptionalLong.empty();
    }
}
