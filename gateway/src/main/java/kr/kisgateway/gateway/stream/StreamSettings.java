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
        int requestsPerSecond) {
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

    /** 1,000 clients, 1,000 symbols, 8,192 and 16,384 messages, 64 KiB, 10 s. */
    public static StreamSettings standard() {
        return new StreamSettings(1_000, 1_000, 8_192, 16_384, 64 * 1024, Duration.ofSeconds(10));
    }
}
