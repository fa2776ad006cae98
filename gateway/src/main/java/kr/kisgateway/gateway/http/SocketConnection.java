package kr.kisgateway.gateway.http;

import java.time.Duration;

/** One WebSocket connection, as its owner sees it. */
public interface SocketConnection {
    /** Reason of a close of a peer that sends too much. Its key may open no other socket for a few seconds. */
    String TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS";

    /**
     * Sends one text frame and waits until the socket accepted it.
     *
     * @return false when it was not accepted within {@code limit} or the connection is closed
     */
    boolean send(String text, Duration limit);

    /** Closes with a code and reason in a close frame. */
    void close(int code, String reason);

    /** Drops the connection without a close frame; for a peer that does not read. */
    void abort();
}
