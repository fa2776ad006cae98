package kr.kisgateway.edge;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServerContainer;
import org.eclipse.jetty.ee10.websocket.server.config.JettyWebSocketServletContainerInitializer;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/**
 * A listener without routes: a call on every path, and a WebSocket on every path of the same port.
 *
 * <p>WebSockets go through Jetty directly, in a filter ahead of Javalin: a client may answer a keep-alive with a pong
 * frame, and Javalin's handlers do not see those.
 */
public final class AnyPathListener implements AutoCloseable {
    /** Bytes per second below which a body is given up: a stalled one would hold memory. */
    private static final int BODY_RATE_MIN = 64;

    private final Options options;
    private final Calls calls;
    private final Sockets sockets;
    private final AtomicLong socketNo = new AtomicLong();
    private final Javalin app;

    /**
     * @param bind the address that is bound
     * @param port 0 for a free one
     * @param origins which pages may call it
     * @param methods of calls; another is refused with 405
     * @param idleTimeout after which a connection without a request closes
     * @param connectionsMax open at once; further ones wait to be accepted
     * @param connections makes the connector of the server
     * @param peers whose address a call has
     */
    public record Options(
            String bind,
            int port,
            OriginRule origins,
            Set<String> methods,
            int bodyBytesMax,
            int frameBytesMax,
            Duration idleTimeout,
            int connectionsMax,
            Connections connections,
            Peers peers) {
        public Options {
            methods = Set.copyOf(methods);
        }

        /** Calls have the address of their connection. */
        public Options(
                String bind,
                int port,
                OriginRule origins,
                Set<String> methods,
                int bodyBytesMax,
                int frameBytesMax,
                Duration idleTimeout,
                int connectionsMax,
                Connections connections) {
            this(
                    bind,
                    port,
                    origins,
                    methods,
                    bodyBytesMax,
                    frameBytesMax,
                    idleTimeout,
                    connectionsMax,
                    connections,
                    Peers.CONNECTED);
        }
    }

    /** Knows whose address a call has. */
    @FunctionalInterface
    public interface Peers {
        /** The connection's. */
        Peers CONNECTED = (peer, _, _, _) -> Optional.of(peer);

        /**
         * @param peer address of the connection
         * @param target path and query as they were sent
         * @param header value of a header by its name
         * @return empty for a call that states another's address and may not: it is refused with 403
         */
        Optional<String> address(String peer, String method, String target, UnaryOperator<@Nullable String> header);
    }

    /** Makes the connector of the listener. */
    @FunctionalInterface
    public interface Connections {
        FairConnector open(Server server, HttpConfiguration http);

        /** Connections without encryption. */
        static Connections plain() {
            return (server, http) -> new FairConnector(server, new HttpConnectionFactory(http));
        }
    }

    /**
     * A call.
     *
     * @param path with one slash at its beginning, still encoded
     * @param headers by their names in lower case
     * @param query the first value of each name
     * @param queryText the query as it was sent; empty without one
     * @param address of the caller
     */
    public record Request(
            String method,
            String path,
            Map<String, String> headers,
            Map<String, String> query,
            String queryText,
            String body,
            String address) {}

    /** The answer to a call. */
    public sealed interface Answer {
        /** @param headers by names as they are to be written */
        record Text(int status, String contentType, Map<String, String> headers, String body) implements Answer {}

        /** The same with a body in UTF-8 that is encoded once for many answers; it must not be changed. */
        @SuppressWarnings("ArrayRecordComponent") // handed through, never compared
        record Encoded(int status, String contentType, Map<String, String> headers, byte[] body) implements Answer {}

        /** A TCP reset. */
        record Reset() implements Answer {}
    }

    /** Answers the calls, on virtual threads. */
    public interface Calls {
        Answer answer(Request request) throws InterruptedException;

        /**
         * The answer to a call that cannot be read.
         *
         * @param status 400, 403 for a page of another site, 405 for another method, 413 for a body that is too large, 503 for a
         *     WebSocket that has no room
         */
        default Answer.Text refuse(int status) {
            return new Answer.Text(status, "", Map.of(), "");
        }
    }

    /** Opens the WebSockets. */
    public interface Sockets {
        /** The HTTP status with which an upgrade is refused now. */
        OptionalInt refusal(String address);

        Socket open(String address);

        /** No WebSocket on any path. */
        static Sockets none() {
            return new Sockets() {
                @Override
                public OptionalInt refusal(String address) {
                    return OptionalInt.of(HttpServletResponse.SC_NOT_FOUND);
                }

                @Override
                public Socket open(String address) {
                    throw new IllegalStateException("every upgrade is refused");
                }
            };
        }
    }

    /** One WebSocket. Its events come one at a time, {@link #opened} first and {@link #closed} last. */
    public interface Socket {
        void opened(SocketOutbox outbox);

        void text(String message);

        /** A pong frame. */
        void pong();

        /** The connection is over, by either side. */
        void closed(int code);

        /** The most frames queued for a slow reader. */
        int queueCapacity();

        /** Sees what leaves. */
        default SocketOutbox.Observer observer() {
            return SocketOutbox.Observer.NONE;
        }
    }

    public AnyPathListener(Options options, Calls calls, Sockets sockets) {
        this.options = options;
        this.calls = calls;
        this.sockets = sockets;
        this.app = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            // Its thread keeps a finished program alive for five seconds.
            config.startup.startupWatcherEnabled = false;
            config.concurrency.useVirtualThreads = true;
            config.http.maxRequestSize = options.bodyBytesMax();
            config.http.compressionStrategy = CompressionStrategy.NONE;
            config.jetty.addConnector(AnyPathListener.this::connector);
            config.jetty.modifyServer(server -> {
                server.addBean(new NetworkConnectionLimit(options.connectionsMax(), server));
                server.setErrorHandler(new CallErrors(calls));
            });
            // Clients in use call //uapi/…, which Jetty calls ambiguous.
            config.jetty.modifyHttpConfiguration(http -> {
                http.setUriCompliance(UriCompliance.UNSAFE);
                http.setSendServerVersion(false);
                http.setMinRequestDataRate(BODY_RATE_MIN);
                // 100 KB for each connection otherwise.
                http.setHeaderCacheSize(0);
            });
            config.jetty.modifyServletContextHandler(AnyPathListener.this::webSockets);
            config.router.treatMultipleSlashesAsSingleSlash = true;
            for (var route : List.of("/", "/*")) {
                for (var method : options.methods()) {
                    config.routes.addHttpHandler(HandlerType.findOrCreate(method), route, AnyPathListener.this::handle);
                }
            }
        });
    }

    private Connector connector(Server server, HttpConfiguration http) {
        var connector = options.connections().open(server, http);
        connector.setHost(options.bind());
        connector.setPort(options.port());
        connector.setIdleTimeout(options.idleTimeout().toMillis());
        return connector;
    }

    /** Listens from now on. */
    public void start() {
        app.start();
    }

    /** The port that is bound. */
    public int port() {
        return app.port();
    }

    private void webSockets(ServletContextHandler handler) {
        handler.setErrorHandler(new CallErrors(calls));
        Sessionless.removeSessions(handler);
        handler.getServletHandler().setDecodeAmbiguousURIs(true);
        JettyWebSocketServletContainerInitializer.configure(handler, null);
        FilterHolder upgrade = new FilterHolder(new Filter() {
            @Override
            public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                    throws IOException, ServletException {
                var http = (HttpServletRequest) request;
                if (UpgradeRule.isWebSocketUpgrade(http.getHeader("Upgrade"))) {
                    upgrade(http, (HttpServletResponse) response);
                } else if (options.methods().contains(http.getMethod())) {
                    chain.doFilter(request, response);
                } else {
                    ((HttpServletResponse) response).sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
                }
            }
        });
        upgrade.setAsyncSupported(true);
        handler.addFilter(upgrade, "/*", EnumSet.of(DispatcherType.REQUEST));
    }

    private void upgrade(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (isFromWebPage(request)) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        if (!UpgradeRule.isWellFormed(
                request.getMethod(),
                String.join(",", Collections.list(request.getHeaders("Connection"))),
                request.getHeader("Sec-WebSocket-Key"),
                request.getHeader("Sec-WebSocket-Version"))) {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST);
            return;
        }
        var address = address(request);
        if (address.isEmpty()) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        var refusal = sockets.refusal(address.get());
        if (refusal.isPresent()) {
            response.sendError(refusal.getAsInt());
            return;
        }
        JettyWebSocketServerContainer container =
                JettyWebSocketServerContainer.getContainer(request.getServletContext());
        container.setIdleTimeout(Duration.ZERO);
        container.setMaxTextMessageSize(options.frameBytesMax());
        container.upgrade(
                (upgradeRequest, upgradeResponse) -> {
                    upgradeResponse.setExtensions(List.of());
                    return new SocketAdapter(sockets.open(address.get()), "socket-" + socketNo.incrementAndGet());
                },
                request,
                response);
    }

    /** Whether a web page sent the request: another site's must neither drive nor read the listener behind the user's back. */
    private boolean isFromWebPage(HttpServletRequest request) {
        // Several Origin headers become one text that no rule accepts: no browser sends two.
        List<String> origins = Collections.list(request.getHeaders("Origin"));
        return options.origins()
                .refusalReason(
                        request.getHeader("Host"),
                        origins.isEmpty() ? null : String.join(", ", origins),
                        String.join(", ", Collections.list(request.getHeaders("Sec-Fetch-Site"))))
                .isPresent();
    }

    /** Of the caller; empty when the request states one that it may not. */
    private Optional<String> address(HttpServletRequest request) {
        String query = request.getQueryString();
        return options.peers()
                .address(
                        request.getRemoteAddr(),
                        request.getMethod(),
                        request.getRequestURI() + (query == null ? "" : '?' + query),
                        request::getHeader);
    }

    private void handle(Context context) {
        if (isFromWebPage(context.req())) {
            write(context, calls.refuse(HttpServletResponse.SC_FORBIDDEN));
            return;
        }
        var address = address(context.req());
        if (address.isEmpty()) {
            write(context, calls.refuse(HttpServletResponse.SC_FORBIDDEN));
            return;
        }
        var body = body(context);
        if (body.isEmpty()) {
            return;
        }
        try {
            switch (calls.answer(request(context, body.get(), address.get()))) {
                case Answer.Text text -> write(context, text);
                case Answer.Encoded encoded -> write(context, encoded);
                case Answer.Reset() -> reset(context);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset(context);
        }
    }

    /** The body; empty when it cannot be read and the call is answered. */
    private Optional<String> body(Context context) {
        if (isWithoutBody(context.req())) {
            return Optional.of("");
        }
        try {
            return Optional.of(context.body());
        } catch (HttpResponseException refused) {
            write(context.header("Connection", "close"), calls.refuse(refused.getStatus()));
            return Optional.empty();
        } catch (Exception failure) {
            if (!BodyRule.isUnreadable(failure)) {
                throw failure;
            }
            write(context.header("Connection", "close"), calls.refuse(HttpServletResponse.SC_BAD_REQUEST));
            return Optional.empty();
        }
    }

    /** The library reserves a buffer of the longest body even for a request that has none. */
    private static boolean isWithoutBody(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        return length == 0 || length < 0 && request.getHeader("Transfer-Encoding") == null;
    }

    private static Request request(Context context, String body, String address) {
        var request = context.req();
        Map<String, String> headers = new HashMap<>();
        request.getHeaderNames()
                .asIterator()
                .forEachRemaining(name -> headers.put(name.toLowerCase(Locale.ROOT), request.getHeader(name)));
        Map<String, String> query = new HashMap<>();
        context.queryParamMap().forEach((name, values) -> query.put(name, values.isEmpty() ? "" : values.getFirst()));
        return new Request(
                request.getMethod(),
                path(request.getRequestURI()),
                headers,
                query,
                Optional.ofNullable(request.getQueryString()).orElse(""),
                body,
                address);
    }

    /** The path with one slash at its beginning. */
    private static String path(String uri) {
        int name = 0;
        while (name < uri.length() && uri.charAt(name) == '/') {
            name++;
        }
        return name == 1 ? uri : "/" + uri.substring(name);
    }

    /** Writes straight into the server's buffer: the library's way copies every answer through 8 KiB of its own. */
    private static void write(Context context, Answer.Text answer) {
        write(
                context,
                new Answer.Encoded(
                        answer.status(),
                        answer.contentType(),
                        answer.headers(),
                        answer.body().getBytes(StandardCharsets.UTF_8)));
    }

    private static void write(Context context, Answer.Encoded answer) {
        context.status(answer.status());
        if (!answer.contentType().isEmpty()) {
            context.contentType(answer.contentType());
        }
        answer.headers().forEach(context::header);
        context.res().setContentLength(answer.body().length);
        try {
            context.res().getOutputStream().write(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void reset(Context context) {
        EndPoint endPoint = ServletContextRequest.getServletContextRequest(context.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
        if (endPoint.getTransport() instanceof SocketChannel channel) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                // Already closed by the other side, which is the intended result.
                endPoint.close(e);
                return;
            }
        }
        endPoint.close();
    }

    @Override
    public void close() {
        app.stop();
    }
}
