package kr.kisgateway.gateway.stream;

import java.time.Duration;

/**
 * The stream's bounds.
 *
 * @param clientsMax connections at once; one more is refused before the upgrade
 * @param symbolsMax symbols one client may listen to
 * @param tapeMax messages in a mailbox from which on trades are no longer taken, leaving a marked gap
 * @param mailboxMax messages in a mailbox from which on the client is disconnected
 * @param frameBytesMax bytes from which on no further message is joined into a frame
 * @param writeLimit how long one frame may wait for the client to read
 * @param tapeBytesMax bytes in a mailbox from which on trades are no longer taken
 * @param mailboxBytesMax bytes in a mailbox from which on the client is disconnected
 * @param requestsPerSecond requests of one client in a second; more are refused
 * @param subscriptionsMax channels of symbols that all clients together listen to; a key may have a fifth of them
 * @param memoryMax bytes that may wait for all clients together before some are given up
 */
public record StreamSettings(
        int clientsMax,
        int symbolsMax,
        int tapeMax,
        int mailboxMax,
        int frameBytesMax,
        Duration writeLimit,
        long tapeBytesMax,
        long mailboxBytesMax,
        int requestsPerSecond,
        int subscriptionsMax,
        long memoryMax) {
    /** Of connections, and of what is listened to, one key may have a part of so many. */
    static final int KEY_PART = 5;

    private static final int SUBSCRIPTIONS = 100_000;
    private static final long MEMORY = 16L << 20;

    public StreamSettings {
        if (tapeMax >= mailboxMax || tapeBytesMax >= mailboxBytesMax) {
            throw new IllegalArgumentException("trades must leave room for what is never dropped");
        }
    }

    /** With 2 and 8 MiB and 50 requests a second. */
    public StreamSettings(
            int clientsMax, int symbolsMax, int tapeMax, int mailboxMax, int frameBytesMax, Duration writeLimit) {
        this(clientsMax, symbolsMax, tapeMax, mailboxMax, frameBytesMax, writeLimit, 2L << 20, 8L << 20, 50);
    }

    /** With 100,000 subscriptions and 16 MiB in all. */
    public StreamSettings(
            int clientsMax,
            int symbolsMax,
            int tapeMax,
            int mailboxMax,
            int frameBytesMax,
            Duration writeLimit,
            long tapeBytesMax,
            long mailboxBytesMax,
            int requestsPerSecond) {
        this(
                clientsMax,
                symbolsMax,
                tapeMax,
                mailboxMax,
                frameBytesMax,
                writeLimit,
                tapeBytesMax,
                mailboxBytesMax,
                requestsPerSecond,
                SUBSCRIPTIONS,
                MEMORY);
    }

    /** 1,000 clients, 1,000 symbols, 8,192 and 16,384 messages, 64 KiB, 10 s. */
    public static StreamSettings standard() {
        return new StreamSettings(1_000, 1_000, 8_192, 16_384, 64 * 1024, Duration.ofSeconds(10));
    }

    /** The same with an eighth of a heap for what waits, at least 16 MiB. */
    public StreamSettings ofHeap(long bytes) {
        return withMemory(Math.max(MEMORY, bytes / 8));
    }

    StreamSettings withMemory(long bytes) {
        return new StreamSettings(
                clientsMax,
                symbolsMax,
                tapeMax,
                mailboxMax,
                frameBytesMax,
                writeLimit,
                tapeBytesMax,
                mailboxBytesMax,
                requestsPerSecond,
                subscriptionsMax,
                bytes);
    }

    StreamSettings withSubscriptions(int most) {
        return new StreamSettings(
                clientsMax,
                symbolsMax,
                tapeMax,
                mailboxMax,
                frameBytesMax,
                writeLimit,
                tapeBytesMax,
                mailboxBytesMax,
                requestsPerSecond,
                most,
                memoryMax);
    }
}
