package kr.kisgateway.gateway.recording;

import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;

/** A row that waits to be written. */
sealed interface Tick {
    /** When it came, epoch milliseconds. */
    long atMs();

    /** @param sequence its place in the order in which everything came */
    record TradeTick(Trade trade, long atMs, long sequence) implements Tick {}

    /** @param pushed whether KIS pushed it; else it was asked for */
    record BookTick(OrderBook book, boolean pushed, long atMs, long sequence) implements Tick {}

    /**
     * Something about what is there and what is not.
     *
     * @param sinceMs from then on something may be missing, until {@code atMs}
     * @param mark {@link Mark}, or the stream's word for a gap
     */
    record GapTick(String code, TickKind kind, long sinceMs, long atMs, String mark) implements Tick {}

    /** Marks beside the causes of the stream's gaps. */
    enum Mark {
        /** The recording begins: nothing is known of what was before. */
        STARTED,
        /** It was ended. */
        ENDED,
        /** The gateway was away: stopped, killed, or its machine was. */
        GATEWAY_AWAY,
        /** More came than could be written. */
        OVERFLOW
    }
}
