package kr.kisgateway.gateway.http;

import java.time.Duration;

/**
 * The server's address and bounds.
 *
 * @param bind the address to listen on
 * @param port the port; 0 takes a free one
 * @param bodyBytesMax largest request body and largest incoming WebSocket message
 * @param headerBytesMax largest request line and headers together
 * @param idleTimeout how long a connection may be silent, also in the middle of a request
 * @param stopTimeout how long a stop waits for requests that run
 */
public record EdgeSettings(
        String bind, int port, int bodyBytesMax, int headerBytesMax, Duration idleTimeout, Duration stopTimeout) {
    /** 64 KiB bodies, 16 KiB headers, 60 s idle, 3 s to stop. */
    public static EdgeSettings at(String bind, int port) {
        return new EdgeSettings(bind, port, 64 * 1024, 16 * 1024, Duration.ofSeconds(60), Duration.ofSeconds(3));
    }
}
