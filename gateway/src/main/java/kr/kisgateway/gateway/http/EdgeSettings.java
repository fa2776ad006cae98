package kr.kisgateway.gateway.http;

import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * The server's address and bounds.
 *
 * @param bind the address to listen on
 * @param port the port; 0 takes a free one
 * @param bodyBytesMax largest request body and largest incoming WebSocket message
 * @param headerBytesMax largest request line and headers together
 * @param idleTimeout how long a connection may be silent, also in the middle of a request
 * @param stopTimeout how long a stop waits for requests that run
 * @param tls what connections are encrypted with; absent, they are not
 * @param anyHost whether a request may name any host, because each needs a key that no page of another site knows
 */
public record EdgeSettings(
        String bind,
        int port,
        int bodyBytesMax,
        int headerBytesMax,
        Duration idleTimeout,
        Duration stopTimeout,
        Optional<SSLContext> tls,
        boolean anyHost) {
    /** 64 KiB bodies, 16 KiB headers, 60 s idle, 3 s to stop. */
    public static EdgeSettings at(String bind, int port) {
        return new EdgeSettings(
                bind,
                port,
                64 * 1024,
                16 * 1024,
                Duration.ofSeconds(60),
                Duration.ofSeconds(3),
                Optional.empty(),
                false);
    }

    public EdgeSettings withTls(Optional<SSLContext> context) {
        return new EdgeSettings(bind, port, bodyBytesMax, headerBytesMax, idleTimeout, stopTimeout, context, anyHost);
    }

    public EdgeSettings withAnyHost(boolean any) {
        return new EdgeSettings(bind, port, bodyBytesMax, headerBytesMax, idleTimeout, stopTimeout, tls, any);
    }
}
