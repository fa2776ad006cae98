package kr.kisgateway.client;

import java.time.Instant;
import java.util.Set;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.parse.UntypedFrame;

/**
 * Receives every message of the session, in the order KIS sent it; override only the methods you need.
 * Unless {@link RealtimeOptions.Delivery#READER_THREAD} was chosen, each listener has its own thread and mailbox: a
 * slow one misses the oldest market data and receives their count, never misses a notice, and delays no other listener.
 * An exception thrown here is logged and counted; the session continues.
 */
public interface KisListener {
    /** A trade (체결). */
    default void trade(Trade trade) {}

    /** A complete ten-level book (호가). */
    default void book(OrderBook book) {}

    /** An execution notice (체결통보). */
    default void notice(ExecutionNotice notice) {}

    /** Data of any other TR, by its catalog columns. */
    default void rows(UntypedFrame frame) {}

    /**
     * A data frame as it came, after its content was delivered; only with {@link RealtimeOptions.Delivery#READER_THREAD}. An
     * encrypted one is still encrypted.
     *
     * @param text valid during the call only
     */
    default void frame(CharSequence text) {}

    /**
     * Frames that could not be read were skipped.
     *
     * @param count since the last call of this method
     * @param sample why the newest of them is bad; without its content
     */
    default void badFrames(long count, String sample) {}

    /**
     * The messages of {@code keys} between {@code from} and {@code to} are lost: KIS repeats nothing.
     *
     * @param from when KIS last sent a message before the gap
     * @param to when the keys were registered again, or were dropped: then there is an event
     */
    default void gap(Set<RealtimeKey> keys, Instant from, Instant to, GapCause cause) {}

    /** The REST answer for a key after its gap, when {@link RealtimeOptions#restoreGaps} enables it. */
    default void restored(GapRestored restored) {}

    /** The socket is open; registrations follow. */
    default void connected() {}

    /** KIS has registered {@code key}. */
    default void acked(RealtimeKey key) {}

    /** An event for the operator. */
    default void event(KisEvent event) {}
}
