package kr.kisgateway.gateway.http;

import java.time.Duration;

/** One WebSocket connection, as its owner sees it. */
public interface SocketConnection {
    /**
     * Sends one text frame and waits until the socket took it.
     *
     * @return false when it was not taken within {@code limit} or the connection is gone
     */
    boolean send(String text, Duration limit);

    /** Closes with a code and reason, politely. */
    void close(int code, String reason);

    /** Drops the connection without a word; for a peer that does not read. */
    void abort();
}
