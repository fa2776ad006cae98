package kr.kisgateway.client;

/**
 * How the realtime session tells what it hears.
 *
 * @param delivery on which thread the listener of {@link KisClient#open} hears market data and notices
 * @param mailbox how many messages of market data may wait for a listener; behind that the oldest go, and are counted
 * @param restoreGaps whether the present value of what a gap left out is asked for by REST, in lane QUOTE
 * @param plan when which registrations are on the socket
 */
public record RealtimeOptions(Delivery delivery, int mailbox, boolean restoreGaps, SessionPlan plan) {
    /** On which thread a listener hears market data and notices. */
    public enum Delivery {
        /** On one of its own: a slow or failing listener harms nobody but itself. */
        MAILBOX,
        /**
         * On the thread that reads the socket, without a hand-over. For a listener that never waits: it holds up every other
         * one, and KIS closes a socket that is not read.
         */
        READER_THREAD
    }

    private static final int MAILBOX = 16_384;

    public RealtimeOptions {
        if (mailbox < 1) {
            throw new IllegalArgumentException("a mailbox holds one message at least");
        }
    }

    /** Mailboxes of 16,384, gaps restored, everything registered all day. */
    public static RealtimeOptions standard() {
        return new RealtimeOptions(Delivery.MAILBOX, MAILBOX, true, SessionPlan.always());
    }

    /** On the reader's thread, and nothing asked for by REST: for a program that does both itself. */
    public static RealtimeOptions direct() {
        return new RealtimeOptions(Delivery.READER_THREAD, MAILBOX, false, SessionPlan.always());
    }

    /** Room for {@code messages} of market data in each mailbox. */
    public RealtimeOptions withMailbox(int messages) {
        return new RealtimeOptions(delivery, messages, restoreGaps, plan);
    }

    /** With or without asking by REST for what a gap left out. */
    public RealtimeOptions withRestoreGaps(boolean restore) {
        return new RealtimeOptions(delivery, mailbox, restore, plan);
    }

    /** Another plan. */
    public RealtimeOptions withPlan(SessionPlan other) {
        return new RealtimeOptions(delivery, mailbox, restoreGaps, other);
    }
}
