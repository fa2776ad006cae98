package kr.kisgateway.gateway.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsConnectContext;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.edge.AnyPathListener;
import kr.kisgateway.edge.FairConnector;
import kr.kisgateway.edge.OriginRule;
import kr.kisgateway.edge.Sessionless;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.RouteTable.Route;
import kr.kisgateway.gateway.http.RouteTable.SocketRoute;
import kr.kisgateway.gateway.http.SocketHandler.SocketListener;
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.gateway.trace.Span;
import kr.kisgateway.gateway.trace.SpanAttribute;
import kr.kisgateway.gateway.trace.Trace;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.gateway.trace.Tracer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running server: serves a {@link RouteTable}, one virtual thread per request. */
public final class HttpEdge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.http");
    private static final String CALLER = "kr.kisgateway.caller";
    private static final Duration PING_EVERY = Duration.ofSeconds(20);
    /** Bytes per second below which a request's body counts as an attack on the connection. */
    private static final int BODY_RATE_MIN = 64;
    /** Bytes read of a body that is refused for its size, so that the client can read the refusal. */
    private static final long DRAINED_MAX = 1_048_576;

    /**
     * Connections that may wait for accept; with the usual 50 a burst of clients finds some closed without an answer.
     */
    private static final int BACKLOG = 4_096;

    /** Frames that wait for one peer: a listener waits for each of its own, so these are answers to pings. */
    private static final int OUTGOING_FRAMES_MAX = 64;

    /** Methods of calls that change nothing. */
    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD");

    private final EdgeSettings settings;
    private final RouteTable table;
    private final Gatekeeper gatekeeper;
    private final CallObserver observer;
    private final CallRecorder recorder;
    private final LongSupplier nanos;
    private final Tracer tracer;
    private final TaskRunner tasks;
    private final Javalin server;
    private final SocketPinger pinger;
    private final LargeAnswerLimiter answerLimiter;
    private final Connections connections;
    private final InnerCalls innerCalls = new InnerCalls(this::servlet);

    private HttpEdge(
            EdgeSettings settings,
            RouteTable table,
            Gatekeeper gatekeeper,
            Observation observation,
            TraceIds traceIds,
            TaskRunner tasks,
            Duration pingEvery) {
        this.tasks = tasks;
        this.observer = observation.meters();
        this.recorder = observation.recorder();
        this.nanos = observation.nanos();
        this.tracer = observation.tracer();
        this.pinger = new SocketPinger(pingEvery);
        this.answerLimiter = new LargeAnswerLimiter(
                LargeAnswerLimiter.Shares.of(settings.answerBytesMax(), settings.anyHost()),
                settings.answerTimeout(),
                EdgeSettings.CHECK_INTERVAL);
        this.connections = new Connections(settings.connections());
        this.settings = settings;
        this.table = table;
        this.gatekeeper = gatekeeper;
        this.server = Javalin.create(config -> configure(config, traceIds));
    }

    /** Makes connectors: encrypted ones with a certificate. */
    public static AnyPathListener.Connections connections(Optional<Encryption> tls) {
        return (server, http) -> tls.map(encryption -> new FairConnector(server, tlsFactories(encryption, http)))
                .orElseGet(() -> new FairConnector(server, new HttpConnectionFactory(http)));
    }

    private Servlet servlet() {
        return server.javalinServlet();
    }

    private ServerConnector connector(Server server, HttpConfiguration http) {
        var connector = connections(settings.tls()).open(server, http);
        connector.setHost(settings.bind());
        connector.setPort(settings.port());
        return connector;
    }

    private static ConnectionFactory[] tlsFactories(Encryption encryption, HttpConfiguration http) {
        var tls = new SslContextFactory.Server();
        tls.setSslContext(encryption.context());
        tls.setNeedClientAuth(encryption.callersNeedCertificate());
        tls.setIncludeProtocols("TLSv1.3");
        tls.setSniRequired(false);
        var secured = new HttpConfiguration(http);
        secured.addCustomizer(new SecureRequestCustomizer(false));
        SecurityHeaders.addEncryptedTo(secured);
        return new ConnectionFactory[] {
            new SslConnectionFactory(tls, HttpVersion.HTTP_1_1.asString()), new HttpConnectionFactory(secured)
        };
    }

    /** Starts listening; throws an unchecked exception that names a port in use. */
    public static HttpEdge start(
            EdgeSettings settings, RouteTable table, Gatekeeper gatekeeper, TraceIds traceIds, TaskRunner tasks) {
        return start(settings, table, gatekeeper, Observation.NONE, traceIds, tasks);
    }

    /** As above; {@code observation} observes each call. */
    public static HttpEdge start(
            EdgeSettings settings,
            RouteTable table,
            Gatekeeper gatekeeper,
            Observation observation,
            TraceIds traceIds,
            TaskRunner tasks) {
        return start(settings, table, gatekeeper, observation, traceIds, tasks, PING_EVERY);
    }

    /**
     * What observes calls.
     *
     * @param nanos a clock that never goes back, with any origin
     */
    public record Observation(CallObserver meters, CallRecorder recorder, LongSupplier nanos, Tracer tracer) {
        /** Observes nothing. */
        public static final Observation NONE =
                new Observation(CallObserver.NONE, CallRecorder.NONE, () -> 0, Tracer.OFF);
    }

    static HttpEdge start(
            EdgeSettings settings,
            RouteTable table,
            Gatekeeper gatekeeper,
            TraceIds traceIds,
            TaskRunner tasks,
            Duration pingEvery) {
        return start(settings, table, gatekeeper, Observation.NONE, traceIds, tasks, pingEvery);
    }

    private static HttpEdge start(
            EdgeSettings settings,
            RouteTable table,
            Gatekeeper gatekeeper,
            Observation observation,
            TraceIds traceIds,
            TaskRunner tasks,
            Duration pingEvery) {
        var edge = new HttpEdge(settings, table, gatekeeper, observation, traceIds, tasks, pingEvery);
        edge.pinger.start(tasks);
        edge.answerLimiter.start(tasks);
        edge.connections.start(tasks, "http-connections");
        edge.server.start();
        LOG.info(
                "http_started bind={} port={} routes={}",
                settings.bind(),
                edge.port(),
                table.routes().size());
        return edge;
    }

    /** Bytes of large answers that wait for their readers. */
    public long answerBytes() {
        return answerLimiter.bytesInUse();
    }

    /** Pages that are being made, or wait for the turn of their key. */
    int pagesRequested() {
        return answerLimiter.pagesRequested();
    }

    /** Number of open connections. */
    public int connections() {
        return connections.count();
    }

    /** Connections that may be open. */
    public int connectionsMax() {
        return settings.connections().maxConnections();
    }

    /** Bytes of large answers that may wait for their readers. */
    public long answerBytesMax() {
        return settings.answerBytesMax();
    }

    /** The port that the server listens on. */
    public int port() {
        return server.port();
    }

    /** Accepts no more connections, waits for running requests, then closes. */
    @Override
    public void close() {
        pinger.close();
        answerLimiter.close();
        connections.close();
        // A stop waits until each WebSocket peer answers the close; one that never does must not use up the time
        // for requests.
        var patience = settings.stopTimeout().multipliedBy(3).dividedBy(4);
        try (var _ = tasks.repeat("http-stop", patience, this::abortSockets, () -> {})) {
            server.jettyServer().server().stop();
            LOG.info("http_stopped");
        } catch (Exception e) {
            // The wait timed out; the library closes the remaining connections nevertheless.
            LOG.warn("http_stopped_with_requests_running cause={}", e.toString());
        }
    }

    private Duration abortSockets() {
        pinger.abortAll();
        return settings.stopTimeout();
    }

    private void configure(JavalinConfig config, TraceIds traceIds) {
        config.startup.showJavalinBanner = false;
        // Its thread keeps a finished program alive for five seconds.
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.http.prefer405over404 = false;
        config.http.maxRequestSize = settings.bodyBytesMax();
        config.jetty.modifyServer(jetty -> {
            var guard = new EdgeGuard(
                    settings.anyHost() ? OriginRule.keyed(settings.bind()) : OriginRule.open(settings.bind()),
                    traceIds,
                    connections,
                    table::compressionAt,
                    settings.nodes());
            jetty.setHandler(new GracefulHandler(guard));
            jetty.setErrorHandler(new EdgeErrors(traceIds));
            jetty.setStopTimeout(settings.stopTimeout().toMillis());
            // The unparsed bytes of all connections together must fit into memory. Further connections wait to be
            // accepted.
            jetty.addBean(new NetworkConnectionLimit(settings.connections().maxConnections(), jetty));
            jetty.addEventListener(new LifeCycle.Listener() {
                @Override
                public void lifeCycleStarting(LifeCycle starting) {
                    for (var connector : jetty.getConnectors()) {
                        if (connector instanceof ServerConnector listening) {
                            listening.setAcceptQueueSize(BACKLOG);
                            listening.addBean(connections);
                        }
                    }
                }
            });
        });
        config.jetty.modifyServletContextHandler(context -> {
            context.setErrorHandler(new EdgeErrors(traceIds));
            Sessionless.removeSessions(context);
        });
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            SecurityHeaders.addTo(http);
            http.setRequestHeaderSize(settings.headerBytesMax());
            http.setIdleTimeout(settings.idleTimeout().toMillis());
            http.setMinRequestDataRate(BODY_RATE_MIN);
            // The library would keep 100 KB of repeated headers for each connection, which fills the heap.
            http.setHeaderCacheSize(0);
        });
        config.jetty.modifyWebSocketServletFactory(sockets -> {
            sockets.setMaxTextMessageSize(settings.bodyBytesMax());
            sockets.setMaxBinaryMessageSize(settings.bodyBytesMax());
            sockets.setIdleTimeout(settings.idleTimeout());
            // Answers to pings of a peer that does not read them would fill the heap.
            sockets.setMaxOutgoingFrames(OUTGOING_FRAMES_MAX);
        });
        config.jetty.addConnector(this::connector);
        config.routes.exception(RefusedException.class, (refused, context) -> refuse(context, refused.refusal()));
        config.routes.exception(HttpResponseException.class, (refused, context) -> refuseUnrouted(refused, context));
        config.routes.exception(Exception.class, (failure, context) -> fail(context, failure));
        table.routes().forEach(route -> add(config, route));
        table.sockets().forEach(socket -> add(config, socket));
    }

    private void add(JavalinConfig config, Route route) {
        var served = new ServedRoute(route, table.versionOf(route.path()), observer.of(route), recorder.of(route));
        serve(config, served, HandlerType.findOrCreate(route.method()));
        if (route.method().equals("GET")) {
            // Without a handler of its own the library answers 200 to HEAD of any path with a route.
            serve(config, served, HandlerType.HEAD);
        }
    }

    /**
     * A route with what it is served with.
     *
     * @param version of the API that it belongs to
     */
    private record ServedRoute(
            Route route,
            Optional<ApiVersion> version,
            CallObserver.RouteObserver observed,
            CallRecorder.RouteRecorder recorded) {}

    private void serve(JavalinConfig config, ServedRoute served, HandlerType method) {
        var observed = served.observed();
        var route = served.route();
        var spanName = route.method() + ' ' + route.path();
        config.routes.addHttpHandler(method, route.path(), context -> {
            long begun = observed.begin();
            var span = tracer.begin(Call.trace(context), spanName);
            var exchange = new Exchange(context, requestCredentials(context), served.recorded(), nanos);
            served.version().ifPresent(version -> setHeaders(context, version));
            int status = HttpStatus.INTERNAL_SERVER_ERROR_500;
            Optional<String> code = Optional.of(ErrorCode.INTERNAL_ERROR.name());
            try {
                span.trace()
                        .run(() -> exchange.cost().run(() -> {
                            serve(context, served, exchange);
                            return exchange;
                        }));
                status = context.res().getStatus();
                code = Call.code(status);
            } catch (RefusedException refused) {
                status = refused.refusal().code().status();
                code = Optional.of(refused.refusal().code().name());
                throw refused;
            } catch (HttpResponseException refused) {
                status = refused.getStatus();
                code = Call.code(status);
                throw refused;
            } finally {
                if (!isStream(context)) {
                    observed.end(begun, status);
                }
                exchange.answered(status, code);
                endSpan(span, route, exchange, status, code);
            }
        });
    }

    private static void endSpan(Span span, Route route, Exchange exchange, int status, Optional<String> code) {
        if (!span.trace().isRecorded()) {
            return;
        }
        span.with(SpanAttribute.METHOD, route.method())
                .with(SpanAttribute.ROUTE, route.path())
                .with(SpanAttribute.STATUS, status);
        exchange.caller().ifPresent(caller -> span.with(SpanAttribute.CALLER, caller.name()));
        code.ifPresent(it -> span.with(SpanAttribute.CODE, it));
        if (status >= HttpStatus.INTERNAL_SERVER_ERROR_500) {
            code.ifPresent(span::failed);
        }
        span.end();
    }

    /** Such an answer lasts as long as its reader wants. */
    private static boolean isStream(Context context) {
        var type = context.res().getContentType();
        return type != null && type.startsWith(Call.EVENTS);
    }

    private static void setHeaders(Context context, ApiVersion version) {
        version.headers().forEach(context.res()::setHeader);
    }

    private void serve(Context context, ServedRoute served, Exchange exchange) throws Exception {
        var route = served.route();
        try {
            var credentials = exchange.credentials();
            var needed =
                    route.openLocally() && gatekeeper.isOpenFor(credentials) ? Optional.<Role>empty() : route.role();
            var caller = gatekeeper.admit(credentials, needed);
            markAuthenticated(context, caller);
            if (route.role().isPresent()) {
                exchange.by(caller);
            }
            served.version().flatMap(ApiVersion::refusal).ifPresent(HttpEdge::refuse);
            rejectUnknownQueryParameters(route, context);
            served.recorded().refusal().ifPresent(HttpEdge::refuse);
            route.handler()
                    .handle(new Call(
                            context,
                            exchange,
                            caller,
                            role -> gatekeeper.admit(credentials, Optional.of(role)),
                            settings.bodyBytesMax(),
                            answerLimiter,
                            served.version(),
                            innerCalls));
            drain(context);
        } catch (RefusedException refused) {
            drain(context);
            throw refused;
        }
    }

    /**
     * Reads the body that a refusal, or a handler without body, left unread. Otherwise the server library closes the
     * connection without an answer when the rest has not arrived yet, and the client's next request on it is lost.
     */
    private void drain(Context context) {
        long length = context.req().getContentLengthLong();
        if (length > DRAINED_MAX) {
            // Too long to be drained: the connection closes, and the client is notified of it.
            context.res().setHeader("Connection", "close");
            return;
        }
        // Of a body that is too large nothing was read.
        if (length <= 0 || length <= settings.bodyBytesMax() && Call.isBodyRead(context)) {
            return;
        }
        client(context).ifPresent(Connections.Client::awaitBody);
        try {
            var body = context.req().getInputStream();
            while (body.skip(length) > 0) {
                // until the end of the body
            }
        } catch (IOException | HttpException.RuntimeException e) {
            // Too slow, or disconnected: the connection ends with the answer, as without draining.
            LOG.debug("body_not_drained path={}", Call.loggedPath(context), e);
        }
        client(context).ifPresent(Connections.Client::beginRequest);
    }

    private static void markAuthenticated(Context context, Caller caller) {
        if (!caller.isLocal()) {
            client(context).ifPresent(Connections.Client::authenticated);
        }
    }

    static Optional<Connections.Client> client(Context context) {
        return Optional.ofNullable((Connections.Client) context.req().getAttribute(EdgeGuard.CLIENT));
    }

    private Gatekeeper.RequestCredentials requestCredentials(Context context) {
        return new Gatekeeper.RequestCredentials(
                context.req().getRemoteAddr(),
                Optional.ofNullable(context.header("Authorization")),
                Optional.ofNullable(context.header("X-API-Key")),
                Optional.ofNullable(context.header("X-Operator-Token")),
                context.header("Cookie") == null
                        ? Optional.empty()
                        : settings.loginCookie()
                                .valueIn(context.req())
                                .map(token -> new Gatekeeper.LoginCredentials(
                                        token,
                                        Optional.ofNullable(context.header("X-CSRF-Token")),
                                        !SAFE_METHODS.contains(context.req().getMethod()))),
                EdgeGuard.needsKey(context.req()));
    }

    /** A misspelt filter that is ignored would answer another query than the requested one. */
    private static void rejectUnknownQueryParameters(Route route, Context context) {
        if (context.queryString() == null || route.takesAnyQuery()) {
            return;
        }
        for (var name : context.queryParamMap().keySet()) {
            if (!route.query().contains(name)) {
                throw Call.unknownQuery(name, route.query());
            }
        }
    }

    private static void refuse(Refusal refusal) {
        throw new RefusedException(refusal);
    }

    private void add(JavalinConfig config, SocketRoute route) {
        var version = table.versionOf(route.path());
        var opened = observer.ofOpened(route);
        for (var method : List.of(HandlerType.GET, HandlerType.HEAD)) {
            config.routes.addHttpHandler(method, route.path(), context -> {
                version.ifPresent(it -> setHeaders(context, it));
                gatekeeper.admit(requestCredentials(context), Optional.of(route.role()));
                version.flatMap(ApiVersion::refusal).ifPresent(HttpEdge::refuse);
                throw Call.invalid("Upgrade", "must be websocket; this path is a WebSocket");
            });
        }
        config.routes.wsBeforeUpgrade(route.path(), context -> {
            version.ifPresent(it -> setHeaders(context, it));
            var caller = gatekeeper.admit(requestCredentials(context), Optional.of(route.role()));
            markAuthenticated(context, caller);
            version.flatMap(ApiVersion::refusal)
                    .or(() -> pinger.refusalFor(caller))
                    .or(() -> route.handler().refusalFor(caller))
                    .ifPresent(HttpEdge::refuse);
            context.attribute(CALLER, caller);
            // The library echoes the first protocol offered, whatever it is: only the gateway's may be accepted.
            var offered = Optional.ofNullable(context.header("Sec-WebSocket-Protocol"))
                    .orElse("");
            var agreed = java.util.Arrays.stream(offered.split(","))
                    .map(String::strip)
                    .anyMatch(route.handler().subprotocol()::equals);
            context.res()
                    .setHeader(
                            "Sec-WebSocket-Protocol", agreed ? route.handler().subprotocol() : null);
        });
        config.routes.ws(route.path(), socket -> serve(socket, route.handler(), opened));
    }

    private void serve(WsConfig socket, SocketHandler handler, Runnable opened) {
        Map<String, SocketListener> open = new ConcurrentHashMap<>();
        socket.onConnect(context -> {
            Caller caller = Objects.requireNonNull(context.attribute(CALLER), "set before the upgrade");
            opened.run();
            var listener = handler.opened(new JettyConnection(context, caller, pinger), caller);
            open.put(context.sessionId(), listener);
            pinger.add(context.session, listener, caller);
        });
        socket.onMessage(context -> {
            var listener = open.get(context.sessionId());
            if (listener != null) {
                listener.text(context.message());
                // One read may bring hundreds of messages.
                FairConnector.giveWay();
            }
        });
        socket.onBinaryMessage(context -> context.closeSession(1003, "text frames only"));
        socket.onClose(context -> {
            pinger.remove(context.session);
            var listener = open.remove(context.sessionId());
            if (listener != null) {
                listener.closed();
            }
        });
        socket.onError(context -> LOG.debug("socket_error", context.error()));
    }

    private void refuse(Context context, Refusal refusal) {
        if (refusal.code().retryable() && refusal.code().status() >= 429
                || refusal.retryAfter().isPresent()) {
            context.res().setHeader("Retry-After", Long.toString(ErrorAnswer.retryAfterSeconds(refusal)));
        }
        if (context.res().isCommitted()) {
            // The answer has begun; a partial one must not appear complete.
            LOG.debug("refused_after_answer_started code={} path={}", refusal.code(), Call.loggedPath(context));
            client(context).ifPresent(Connections.Client::abort);
            return;
        }
        try {
            Call.answer(context, refusal.code().status(), refusalRecord(context, refusal));
        } catch (UncheckedIOException e) {
            // If rethrown, the library would log it as a failure of the gateway.
            LOG.debug("client_disconnected path={}", Call.loggedPath(context), e);
        }
    }

    private Object refusalRecord(Context context, Refusal refusal) {
        String traceId = Call.traceId(context);
        return table.versionOf(context.path())
                .map(version -> version.refused(refusal, context.path(), traceId))
                .orElseGet(() -> ErrorAnswer.of(refusal, traceId));
    }

    private void refuseUnrouted(HttpResponseException refused, Context context) {
        table.versionOf(context.path()).ifPresent(version -> setHeaders(context, version));
        drain(context);
        var methods = table.methodsAt(context.path());
        switch (refused.getStatus()) {
            case 404, 405 -> {
                if (methods.isEmpty()) {
                    refuse(context, Refusal.of(ErrorCode.NOT_FOUND, "There is no such path; see /openapi.json."));
                } else {
                    context.res().setHeader("Allow", String.join(", ", methods));
                    refuse(
                            context,
                            Refusal.of(
                                    ErrorCode.METHOD_NOT_ALLOWED,
                                    "This path supports " + String.join(", ", methods) + "."));
                }
            }
            case 413 -> refuse(context, Refusal.of(ErrorCode.BODY_TOO_LARGE, "The body is too large."));
            default -> {
                if (refused.getStatus() < 500) {
                    refuse(
                            context,
                            Refusal.of(ErrorCode.INVALID_FIELD, "The request cannot be read.")
                                    .with("field", "request"));
                } else {
                    fail(context, refused);
                }
            }
        }
    }

    private void fail(Context context, Exception failure) {
        var unreadable = unreadable(failure);
        if (unreadable.isPresent()) {
            LOG.debug("request_unreadable path={}", Call.loggedPath(context), failure);
            context.res().setHeader("Connection", "close");
            refuse(context, unreadable.get());
            return;
        }
        if (failure instanceof IOException || failure.getCause() instanceof IOException) {
            LOG.debug("client_disconnected path={}", Call.loggedPath(context), failure);
        } else {
            // The exception has left the request's scope.
            Trace.unrecorded(Call.trace(context).shownId()).run(() -> {
                LOG.error("request_failed path={}", Call.loggedPath(context), failure);
                return context;
            });
        }
        refuse(context, Refusal.of(ErrorCode.INTERNAL_ERROR, "The gateway failed; its log has this trace id."));
    }

    /** The refusal of a request that the server library could not read; empty when the failure has another cause. */
    private static Optional<Refusal> unreadable(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            boolean badCharset = cause instanceof UnsupportedCharsetException
                    || cause instanceof IllegalCharsetNameException
                    || cause instanceof UnsupportedEncodingException;
            boolean badMessage = cause instanceof HttpException refused && refused.getCode() < 500;
            if (badCharset || badMessage) {
                return Optional.of(
                        badCharset
                                ? Refusal.of(
                                        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                                        "The charset of Content-Type is not supported; send application/json in UTF-8.")
                                : Refusal.of(ErrorCode.INVALID_FIELD, "The request cannot be read as HTTP.")
                                        .with("field", "request"));
            }
        }
        return Optional.empty();
    }

    /** A session of the server library behind the gateway's own interface. */
    private static final class JettyConnection implements SocketConnection {
        private final Session session;
        private final String key;
        private final SocketPinger pinger;

        JettyConnection(WsConnectContext context, Caller caller, SocketPinger pinger) {
            this.session = context.session;
            this.key = caller.name();
            this.pinger = pinger;
        }

        @Override
        public boolean send(String text, Duration limit) {
            var sent = new CompletableFuture<Boolean>();
            session.sendText(text, Callback.from(() -> sent.complete(true), failure -> sent.complete(false)));
            try {
                return sent.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public void close(int code, String reason) {
            pinger.close(session, key, code, reason);
        }

        @Override
        public void abort() {
            session.disconnect();
        }
    }
}
