package kr.kisgateway.gateway.stream;

import java.time.Duration;

/**
 * Limits of the stream.
 *
 * @param client limits of each client
 * @param totals limits of all clients together
 */
public record StreamSettings(Client client, Totals totals) {
    /** A key may have one part in this many of the subscriptions. */
    static final int KEY_SHARE = 5;

    private static final int SUBSCRIPTIONS = 100_000;
    private static final long MEMORY = 16L << 20;

    /**
     * @param symbolsMax symbols it may subscribe to
     * @param tapeMax messages in its mailbox from which on trades are dropped, leaving a marked gap
     * @param mailboxMax messages in its mailbox from which on it is disconnected
     * @param frameBytesMax bytes from which on no further message is joined into a frame
     * @param writeLimit how long the client may take to read one frame
     * @param tapeBytesMax bytes in its mailbox from which on trades are dropped
     * @param mailboxBytesMax bytes in its mailbox from which on it is disconnected
     * @param requestsPerSecond requests per second; more are refused
     */
    public record Client(
            int symbolsMax,
            int tapeMax,
            int mailboxMax,
            int frameBytesMax,
            Duration writeLimit,
            long tapeBytesMax,
            long mailboxBytesMax,
            int requestsPerSecond) {
        public Client {
            if (tapeMax >= mailboxMax || tapeBytesMax >= mailboxBytesMax) {
                throw new IllegalArgumentException("trades must leave room for messages that are never dropped");
            }
        }
    }

    /**
     * @param clientsMax connections at once; one more is refused before the upgrade
     * @param subscriptionsMax subscribed channels of symbols; a key may have a fifth of them
     * @param memoryMax bytes that may be queued before clients are evicted
     */
    public record Totals(int clientsMax, int subscriptionsMax, long memoryMax) {}

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
                new Client(
                        symbolsMax,
                        tapeMax,
                        mailboxMax,
                        frameBytesMax,
                        writeLimit,
                        tapeBytesMax,
                        mailboxBytesMax,
                        requestsPerSecond),
                new Totals(clientsMax, SUBSCRIPTIONS, MEMORY));
    }

    /** 1,000 clients, 1,000 symbols, 8,192 and 16,384 messages, 64 KiB, 10 s. */
    public static StreamSettings standard() {
        return new StreamSettings(1_000, 1_000, 8_192, 16_384, 64 * 1024, Duration.ofSeconds(10));
    }

    /** The same with an eighth of a heap for queued messages, at least 16 MiB. */
    public StreamSettings ofHeap(long bytes) {
        return withMemory(Math.max(MEMORY, bytes / 8));
    }

    StreamSettings withMemory(long bytes) {
        return new StreamSettings(client, new Totals(totals.clientsMax, totals.subscriptionsMax, bytes));
    }

    StreamSettings withSubscriptions(int max) {
        return new StreamSettings(client, new Totals(totals.clientsMax, max, totals.memoryMax));
    }
}
