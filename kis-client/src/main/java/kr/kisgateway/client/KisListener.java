package kr.kisgateway.client;

import java.time.Instant;
import java.util.Set;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.parse.UntypedFrame;

/**
 * Hears everything the session tells, in the order KIS sent it; whoever wants to hear only some of it overrides only that.
 * Unless {@link RealtimeOptions.Delivery#READER_THREAD} was chosen, each listener has a thread and a mailbox of its own: a
 * slow one misses the oldest market data and is told how many, never a notice, and holds up nobody. An exception thrown
 * here is logged and counted, the session lives on.
 */
public interface KisListener {
    /** A trade (체결). */
    default void trade(Trade trade) {}

    /** A whole ten-level book (호가). */
    default void book(OrderBook book) {}

    /** An execution notice (체결통보). */
    default void notice(ExecutionNotice notice) {}

    /** Data of any other TR, by its catalog columns. */
    default void rows(UntypedFrame frame) {}

    /**
     * Frames that could not be read were skipped.
     *
     * @param count since the last call of this method
     * @param sample why the newest of them is bad; without its content
     */
    default void badFrames(long count, String sample) {}

    /**
     * What {@code keys} would have told between {@code from} and {@code to} is lost: KIS repeats nothing.
     *
     * @param from the last moment KIS was heard before
     * @param to when the keys were registered again, or were given up: then an event says so
     * @param cause in a few words
     */
    default void gap(Set<RealtimeKey> keys, Instant from, Instant to, String cause) {}

    /** What REST says of a key behind its gap, when {@link RealtimeOptions#restoreGaps} asks for it. */
    default void restored(GapRestored restored) {}

    /** The socket is open; registrations follow. */
    default void connected() {}

    /** KIS has registered {@code key}. */
    default void acked(RealtimeKey key) {}

    /** Something an operator would want to see. */
    default void event(KisEvent event) {}
}
