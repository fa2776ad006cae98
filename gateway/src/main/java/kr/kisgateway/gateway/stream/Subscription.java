package kr.kisgateway.gateway.stream;

import kr.kisgateway.market.Symbol;
import org.jspecify.annotations.Nullable;

/**
 * One client's interest in one topic, and what its mailbox holds of it. The fields belong to the mailbox and are
 * touched only under its lock.
 */
final class Subscription {
    final Channel channel;
    final Symbol symbol;
    final Mailbox mailbox;

    /** The newest message that waits, for channels that conflate. */
    byte @Nullable [] waiting;

    /** Messages replaced since the last one that was read. */
    long conflated;

    /** First and last trade not taken since the last one that was; 0 when there is no gap. */
    long gapFrom;

    long gapTo;

    Subscription(Channel channel, Symbol symbol, Mailbox mailbox) {
        this.channel = channel;
        this.symbol = symbol;
        this.mailbox = mailbox;
    }
}
