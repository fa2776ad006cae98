package kr.kisgateway.gateway.quote;

import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Trade;

/**
 * The last pushed trade of a symbol, with the best prices of the last trade or book, whichever is newer. A polled price is no
 * trade: it has the day's figures and no shares of its own ({@link #polled}).
 *
 * @param feed feed that pushed it; absent for a polled price
 * @param tradeAtMs receipt time of the trade, epoch milliseconds
 * @param bestBid best bid in units of the currency; 0 when there is none
 * @param bestAsk best ask in units of the currency; 0 when there is none
 */
public record LastTick(Trade trade, Optional<PushFeed> feed, long tradeAtMs, long bestBid, long bestAsk) {
    /** Whether it was polled instead of pushed; polled values are never part of the tape. */
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
