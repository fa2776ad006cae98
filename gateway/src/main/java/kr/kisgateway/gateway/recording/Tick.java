package kr.kisgateway.gateway.recording;

import java.util.Optional;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;

/** A row that waits to be written. */
sealed interface Tick {
    MarketSymbol symbol();

    /** Receipt time, epoch milliseconds. */
    long atMs();

    /**
     * @param feed feed that pushed it
     * @param sequence its position in the order of receipt
     */
    record TradeTick(Trade trade, Optional<PushFeed> feed, long atMs, long sequence) implements Tick {
        @Override
        public MarketSymbol symbol() {
            return trade.symbol();
        }
    }

    /** @param pushed whether KIS pushed it; otherwise it was polled */
    record BookTick(OrderBook book, Optional<PushFeed> feed, boolean pushed, long atMs, long sequence) implements Tick {
        @Override
        public MarketSymbol symbol() {
            return book.symbol();
        }
    }

    /**
     * A gap, or the start or end of a recording.
     *
     * @param sinceMs values may be missing from then until {@code atMs}
     * @param mark {@link Mark}, or the stream's word for a gap
     */
    record GapTick(MarketSymbol symbol, TickKind kind, long sinceMs, long atMs, String mark) implements Tick {}

    /** Marks in addition to the causes of the stream's gaps. */
    enum Mark {
        /** The recording starts: earlier values are unknown. */
        STARTED,
        /** The recording was stopped. */
        ENDED,
        /** The gateway was stopped or killed, or its machine was down. */
        GATEWAY_AWAY,
        /** More ticks arrived than could be written. */
        OVERFLOW
    }
}
