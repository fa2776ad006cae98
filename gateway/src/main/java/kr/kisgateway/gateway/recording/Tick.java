package kr.kisgateway.gateway.recording;

import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;

/** A row that waits to be written. */
sealed interface Tick {
    /** Receipt time, epoch milliseconds. */
    long atMs();

    /** @param sequence its position in the order of receipt */
    record TradeTick(Trade trade, long atMs, long sequence) implements Tick {}

    /** @param pushed whether KIS pushed it; otherwise it was polled */
    record BookTick(OrderBook book, boolean pushed, long atMs, long sequence) implements Tick {}

    /**
     * A gap, or the start or end of a recording.
     *
     * @param sinceMs values may be missing from then until {@code atMs}
     * @param mark {@link Mark}, or the stream's word for a gap
     */
    record GapTick(String code, TickKind kind, long sinceMs, long atMs, String mark) implements Tick {}

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
