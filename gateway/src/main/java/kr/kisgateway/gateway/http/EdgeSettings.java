package kr.kisgateway.gateway.http;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The server's address and bounds.
 *
 * @param bind the listen address
 * @param port the port; 0 selects a free one
 * @param bodyBytesMax largest request body and largest incoming WebSocket message
 * @param headerBytesMax largest request line and headers together
 * @param idleTimeout how long a connection may be silent, also in the middle of a request
 * @param stopTimeout how long a stop waits for running requests
 * @param tls certificate and key; absent, plain HTTP
 * @param anyHost whether a request may name any host, because each needs a key that no page of another site has
 * @param connections bounds on connections and their idle time
 * @param answerTimeout how long a large answer may wait for its reader
 * @param answerBytesMax bytes of all large answers that are being written
 * @param nodes verifies calls that other gateways of the cluster pass on; empty without a cluster
 */
public record EdgeSettings(
        String bind,
        int port,
        int bodyBytesMax,
        int headerBytesMax,
        Duration idleTimeout,
        Duration stopTimeout,
        Optional<Encryption> tls,
        boolean anyHost,
        Connections.Bounds connections,
        Duration answerTimeout,
        long answerBytesMax,
        Optional<NodeSignature> nodes) {
    /** Concurrent connections: those of 1,000 stream clients, and 500 more. */
    private static final int CONNECTIONS_MAX = 1_500;
    /** A program on another machine needs few: a stream and some concurrent calls. */
    static final int CONNECTIONS_PER_ADDRESS = 300;
    /** All programs on this machine, and the 1,000 clients that a stream may have. */
    private static final int CONNECTIONS_PER_LOOPBACK = 1_200;
    /** Time for the rest of a request while connections are scarce. */
    static final Duration IDLE_LIMIT = Duration.ofSeconds(10);
    /** Time for a request's line and headers together: seconds even on a bad network. */
    static final Duration HEADER_LIMIT = Duration.ofSeconds(20);
    /** Interval between checks for waiting connections and slow readers. */
    static final Duration CHECK_INTERVAL = Duration.ofMillis(500);
    /** Fraction of the heap that pending answers may use. */
    private static final int ANSWERS_HEAP_FRACTION = 8;

    private static final long ANSWERS_MIN = 16L << 20;

    /** 64 KiB bodies, 16 KiB headers, 60 s idle, 3 s to stop, an eighth of the heap for answers, 30 s for their readers. */
    public static EdgeSettings defaults(String bind, int port) {
        return new EdgeSettings(
                bind,
                port,
                64 * 1024,
                16 * 1024,
                Duration.ofSeconds(60),
                Duration.ofSeconds(3),
                Optional.empty(),
                false,
                new Connections.Bounds(
                        CONNECTIONS_MAX,
                        CONNECTIONS_PER_ADDRESS,
                        CONNECTIONS_PER_LOOPBACK,
                        IDLE_LIMIT,
                        HEADER_LIMIT,
                        CHECK_INTERVAL),
                Duration.ofSeconds(30),
                Math.max(ANSWERS_MIN, Runtime.getRuntime().maxMemory() / ANSWERS_HEAP_FRACTION),
                Optional.empty());
    }

    /** The cookie of a login at this server. */
    public LoginCookie loginCookie() {
        return LoginCookie.of(port, tls.isPresent());
    }

    public EdgeSettings withTls(Optional<Encryption> context) {
        return with(stopTimeout, context, anyHost, connections, answerTimeout, answerBytesMax, nodes);
    }

    public EdgeSettings withAnyHost(boolean any) {
        return with(stopTimeout, tls, any, connections, answerTimeout, answerBytesMax, nodes);
    }

    /** The same bound for every address; empty, the defaults. */
    public EdgeSettings withConnectionsPerAddress(OptionalInt max) {
        return withConnections(new Connections.Bounds(
                connections.maxConnections(),
                max.orElse(connections.perAddress()),
                max.orElse(connections.perLoopback()),
                connections.idleLimit(),
                connections.headerLimit(),
                connections.checkInterval()));
    }

    /** Accepts calls that other gateways pass on. */
    public EdgeSettings withNodes(Optional<NodeSignature> signature) {
        return with(stopTimeout, tls, anyHost, connections, answerTimeout, answerBytesMax, signature);
    }

    EdgeSettings withConnections(Connections.Bounds bounds) {
        return with(stopTimeout, tls, anyHost, bounds, answerTimeout, answerBytesMax, nodes);
    }

    EdgeSettings withStopTimeout(Duration timeout) {
        return with(timeout, tls, anyHost, connections, answerTimeout, answerBytesMax, nodes);
    }

    EdgeSettings withAnswers(Duration timeout, long bytesMax) {
        return with(stopTimeout, tls, anyHost, connections, timeout, bytesMax, nodes);
    }

    private EdgeSettings with(
            Duration stop,
            Optional<Encryption> context,
            boolean any,
            Connections.Bounds bounds,
            Duration timeout,
            long answers,
            Optional<NodeSignature> signature) {
        return new EdgeSettings(
                bind,
                port,
                bodyBytesMax,
                headerBytesMax,
                idleTimeout,
                stop,
                context,
                any,
                bounds,
                timeout,
                answers,
                signature);
    }
}
