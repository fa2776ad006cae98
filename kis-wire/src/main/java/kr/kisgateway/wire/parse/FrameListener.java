package kr.kisgateway.wire.parse;

import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.ExecutionNotice;

/**
 * Receives the content of frames from a {@link FrameParser}, on the thread that calls the parser and in the order of the wire. A
 * frame is delivered completely or not at all: after {@link #bad} nothing of that frame follows or came before.
 */
public interface FrameListener {
    /** One trade of {@code H0STCNT0}. */
    void trade(Trade trade);

    /** One full order book of {@code H0STASP0}. */
    void book(OrderBook book);

    /** One execution notice of {@code H0STCNI0} or {@code H0STCNI9}. */
    void notice(ExecutionNotice notice);

    /** A frame of any other TR. */
    void rows(UntypedFrame frame);

    /** An unreadable frame; the session continues. */
    void bad(BadFrame bad);

    /** A data frame that was read, as it came; valid during the call only. */
    default void frame(CharSequence text) {}
}
