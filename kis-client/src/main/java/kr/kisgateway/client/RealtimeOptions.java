package kr.kisgateway.client;

/**
 * How the realtime session delivers its messages.
 *
 * @param delivery the thread on which the listener of {@link KisClient#open} receives market data and notices
 * @param mailbox how many messages of market data may wait for a listener; beyond that the oldest are dropped and counted
 * @param restoreGaps whether the current value of what a gap left out is requested by REST, in lane QUOTE
 * @param plan when which registrations are on the socket
 */
public record RealtimeOptions(Delivery delivery, int mailbox, boolean restoreGaps, SessionPlan plan) {
    /** The thread on which a listener receives market data and notices. */
    public enum Delivery {
        /** Its own: a slow or failing listener affects only itself. */
        MAILBOX,
        /**
         * The thread that reads the socket, without a queue. For a listener that never blocks: it delays every other
         * one, and KIS closes a socket that is not read.
         */
        READER_THREAD
    }

    private static final int MAILBOX = 16_384;

    public RealtimeOptions {
        if (mailbox < 1) {
            throw new IllegalArgumentException("a mailbox has room for one message at least");
        }
    }

    /** Mailboxes of 16,384, gaps restored, everything registered all day. */
    public static RealtimeOptions standard() {
        return new RealtimeOptions(Delivery.MAILBOX, MAILBOX, true, SessionPlan.always());
    }

    /** On the reader's thread, and no REST requests for gaps: for a program that does both itself. */
    public static RealtimeOptions direct() {
        return new RealtimeOptions(Delivery.READER_THREAD, MAILBOX, false, SessionPlan.always());
    }

    /** Room for {@code messages} of market data in each mailbox. */
    public RealtimeOptions withMailbox(int messages) {
        return new RealtimeOptions(delivery, messages, restoreGaps, plan);
    }

    /** With or without REST requests for what a gap left out. */
    public RealtimeOptions withRestoreGaps(boolean restore) {
        return new RealtimeOptions(delivery, mailbox, restore, plan);
    }

    /** Another plan. */
    public RealtimeOptions withPlan(SessionPlan other) {
        return new RealtimeOptions(delivery, mailbox, restoreGaps, other);
    }
}
