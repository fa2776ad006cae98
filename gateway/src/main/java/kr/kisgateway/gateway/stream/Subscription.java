package kr.kisgateway.gateway.stream;

import org.jspecify.annotations.Nullable;

/**
 * One client's interest in one topic, and what its mailbox holds of it. The fields belong to the mailbox and are
 * touched only under its lock.
 */
final class Subscription {
    final Channel channel;
    /** The symbol's code; empty for a channel that has none. */
    final String code;

    final Mailbox mailbox;

    /** The newest message that waits, for channels that conflate. */
    @Nullable
    SharedMessage waiting;

    /** Messages replaced since the last one that was read. */
    long conflated;

    /** First and last number not taken since the last one that was; 0 when there is no gap. */
    long gapFrom;

    long gapTo;

    Subscription(Channel channel, String code, Mailbox mailbox) {
        this.channel = channel;
        this.code = code;
        this.mailbox = mailbox;
    }
}
