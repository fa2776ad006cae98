package kr.kisgateway.simulator.server;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.http.Context;
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
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.ObjLongConsumer;
import kr.kisgateway.edge.BodyRule;
import kr.kisgateway.edge.FairConnector;
import kr.kisgateway.edge.OriginRule;
import kr.kisgateway.edge.Sessionless;
import kr.kisgateway.edge.UpgradeRule;
import kr.kisgateway.simulator.broker.HttpAnswer;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.replay.RecordingWriter;
import kr.kisgateway.wire.NoticeKey;
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
import org.eclipse.jetty.server.Server;

/**
 * A listener: REST on every path, a WebSocket on every path, and the control calls under {@code /simulator}.
 *
 * <p>WebSockets go through Jetty directly, in a filter ahead of Javalin: a client may answer a PINGPONG with a pong
 * frame, and Javalin's handlers do not see those.
 */
public final class SimulatorServer implements AutoCloseable {
    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final Duration KEEP_ALIVE = Duration.ofMinutes(5);
    private static final int MAX_FRAME_BYTES = 64 * 1024;

    /** The only address that is bound. */
    private static final String BIND = "127.0.0.1";

    private static final OriginRule RULE = OriginRule.open(BIND);

    /** The traffic of a listener: KIS has a port for each kind, and one for both is handier. All serve control calls. */
    enum ServedTraffic {
        BOTH,
        REST,
        SOCKETS
    }

    private final ServedTraffic servedTraffic;
    private final CoreRunner runner;
    private final SocketHub hub;
    private final Optional<RecordingWriter> recording;
    private final Javalin app;
    private final SecureRandom random;

    SimulatorServer(
            ServedTraffic servedTraffic,
            CoreRunner runner,
            SocketHub hub,
            Optional<RecordingWriter> recording,
            int port,
            SecureRandom random) {
        this.recording = recording;
        this.servedTraffic = servedTraffic;
        this.runner = runner;
        this.hub = hub;
        this.random = random;
        this.app = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            // Its thread keeps a finished program alive for five seconds.
            config.startup.startupWatcherEnabled = false;
            config.concurrency.useVirtualThreads = true;
            config.http.maxRequestSize = MAX_BODY_BYTES;
            config.http.compressionStrategy = CompressionStrategy.NONE;
            config.jetty.addConnector((server, http) -> connector(server, http, port));
            // Clients in use call //uapi/…, which Jetty calls ambiguous.
            config.jetty.modifyHttpConfiguration(http -> {
                http.setUriCompliance(UriCompliance.UNSAFE);
                http.setSendServerVersion(false);
                // 100 KB for each connection otherwise.
                http.setHeaderCacheSize(0);
            });
            config.jetty.modifyServletContextHandler(SimulatorServer.this::webSockets);
            config.router.treatMultipleSlashesAsSingleSlash = true;
            for (var route : List.of("/", "/*")) {
                config.routes.get(route, SimulatorServer.this::handle);
                config.routes.post(route, SimulatorServer.this::handle);
            }
        });
    }

    private static Connector connector(Server server, HttpConfiguration http, int port) {
        var connector = new FairConnector(server, new HttpConnectionFactory(http));
        connector.setHost(BIND);
        connector.setPort(port);
        // Jetty's 30 s would close kept-alive connections of a quiet client during its next order.
        connector.setIdleTimeout(KEEP_ALIVE.toMillis());
        return connector;
    }

    void start() {
        app.start();
    }

    public int port() {
        return app.port();
    }

    private void webSockets(ServletContextHandler handler) {
        Sessionless.removeSessions(handler);
        handler.getServletHandler().setDecodeAmbiguousURIs(true);
        JettyWebSocketServletContainerInitializer.configure(handler, null);
        FilterHolder upgrade = new FilterHolder(new Filter() {
            @Override
            public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                    throws IOException, ServletException {
                HttpServletRequest http = (HttpServletRequest) request;
                if (!UpgradeRule.isWebSocketUpgrade(http.getHeader("Upgrade"))) {
                    chain.doFilter(request, response);
                } else if (isFromWebPage(http)) {
                    ((HttpServletResponse) response).sendError(HttpServletResponse.SC_FORBIDDEN);
                } else if (!UpgradeRule.isWellFormed(
                        http.getMethod(),
                        String.join(",", Collections.list(http.getHeaders("Connection"))),
                        http.getHeader("Sec-WebSocket-Key"),
                        http.getHeader("Sec-WebSocket-Version"))) {
                    ((HttpServletResponse) response).sendError(HttpServletResponse.SC_BAD_REQUEST);
                } else if (servedTraffic == ServedTraffic.REST) {
                    ((HttpServletResponse) response).sendError(HttpServletResponse.SC_NOT_FOUND);
                } else if (hub.isFull()) {
                    ((HttpServletResponse) response).sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
                } else {
                    upgrade(http, (HttpServletResponse) response);
                }
            }
        });
        upgrade.setAsyncSupported(true);
        handler.addFilter(upgrade, "/*", EnumSet.of(DispatcherType.REQUEST));
    }

    private void upgrade(HttpServletRequest request, HttpServletResponse response) throws IOException {
        JettyWebSocketServerContainer container =
                JettyWebSocketServerContainer.getContainer(request.getServletContext());
        container.setIdleTimeout(Duration.ZERO);
        container.setMaxTextMessageSize(MAX_FRAME_BYTES);
        container.upgrade(
                (upgradeRequest, upgradeResponse) -> {
                    upgradeResponse.setExtensions(List.of());
                    return hub.endpoint(runner, new NoticeKey(letters(32), letters(16)));
                },
                request,
                response);
    }

    /** Whether a web page sent the request: another site's must neither drive nor read the simulator behind the user's back. */
    private static boolean isFromWebPage(HttpServletRequest request) {
        // Several Origin headers become one text that no rule accepts: no browser sends two.
        List<String> origins = Collections.list(request.getHeaders("Origin"));
        return RULE.refusalReason(
                        request.getHeader("Host"),
                        origins.isEmpty() ? null : String.join(", ", origins),
                        String.join(", ", Collections.list(request.getHeaders("Sec-Fetch-Site"))))
                .isPresent();
    }

    private void handle(Context context) {
        String path =
                "/" + context.req().getRequestURI().replaceFirst("^/+", "").replaceFirst("^_sim/", "simulator/");
        if (isFromWebPage(context.req())) {
            context.status(403);
            return;
        }
        if (servedTraffic == ServedTraffic.SOCKETS && !path.startsWith("/simulator/")) {
            context.status(404);
            return;
        }
        if (!isBodyReadable(context)) {
            context.status(400).header("Connection", "close");
            return;
        }
        Optional<Input> input = input(context, path);
        if (input.isEmpty()) {
            context.status(404).contentType("application/json").result("{\"error\":\"no such control call\"}");
            return;
        }
        if (context.req().getMethod().equals("POST")
                && input.get() instanceof Input.SwitchFaults(long id, Map<String, Object> values)
                && values.isEmpty()) {
            context.status(400)
                    .contentType("application/json")
                    .result("{\"error\":\"send a JSON object of fault names with numbers or booleans\"}");
            return;
        }
        OptionalLong recorded = record(context, input.get());
        runner.submit(input.get()).ifPresentOrElse(outcome -> await(context, outcome, recorded), () -> {
            recordEvent(recorded, (r, id) -> r.responseLost(id));
            overloaded(context);
        });
    }

    /** Reads the body, which the context retains. */
    private static boolean isBodyReadable(Context context) {
        try {
            context.bodyAsBytes();
            return true;
        } catch (Exception failure) {
            if (!BodyRule.isUnreadable(failure)) {
                throw failure;
            }
            return false;
        }
    }

    /** Records the call, unless it is a control call; returns its number in the recording. */
    private OptionalLong record(Context context, Input input) {
        if (recording.isEmpty() || !(input instanceof Input.Rest call)) {
            return OptionalLong.empty();
        }
        String query = context.req().getQueryString();
        recording
                .get()
                .requestSent(
                        call.id(),
                        call.method(),
                        call.path(),
                        call.headers(),
                        query == null ? "" : query,
                        context.body());
        return OptionalLong.of(call.id());
    }

    private void recordEvent(OptionalLong call, ObjLongConsumer<RecordingWriter> what) {
        call.ifPresent(id -> recording.ifPresent(r -> what.accept(r, id)));
    }

    private Optional<Input> input(Context context, String path) {
        long id = runner.nextCallId();
        String method = context.req().getMethod();
        if (!path.startsWith("/simulator/")) {
            return Optional.of(new Input.Rest(
                    id,
                    method,
                    path,
                    headers(context.req()),
                    query(context),
                    ClientMessages.body(context.body()),
                    hex(32)));
        }
        if (path.equals("/simulator/faults") && method.equals("GET")) {
            return Optional.of(new Input.SwitchFaults(id, Map.of()));
        }
        if (path.equals("/simulator/faults") && method.equals("POST")) {
            return Optional.of(new Input.SwitchFaults(id, ClientMessages.faults(context.body())));
        }
        if (path.equals("/simulator/verdict") && method.equals("GET")) {
            return Optional.of(new Input.ReadVerdict(id, false));
        }
        if (path.equals("/simulator/verdict") && method.equals("POST")) {
            return ClientMessages.faults(context.body()).equals(Map.of("clear", true))
                    ? Optional.of(new Input.ReadVerdict(id, true))
                    : Optional.empty();
        }
        if (path.equals("/simulator/market") && method.equals("POST")) {
            return Optional.of(new Input.OperateMarket(id, ClientMessages.faults(context.body())));
        }
        return path.equals("/simulator/state") && method.equals("GET")
                ? Optional.of(new Input.ReadState(
                        id,
                        Map.of(
                                "queue_overflows", hub.overflows(),
                                "frames_sent", hub.framesSent(),
                                "desk_waiting", runner.queuedInputs())))
                : Optional.empty();
    }

    private void await(Context context, CompletableFuture<CoreRunner.Outcome> pending, OptionalLong recorded) {
        try {
            switch (pending.get()) {
                case CoreRunner.Outcome.Answered(HttpAnswer answer) -> {
                    recordEvent(
                            recorded,
                            (r, id) -> r.responseReceived(
                                    id, answer.status(), answer.trId(), answer.trCont(), answer.body()));
                    write(context, answer);
                }
                case CoreRunner.Outcome.Reset reset -> {
                    recordEvent(recorded, (r, id) -> r.responseLost(id));
                    reset(context);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset(context);
        } catch (ExecutionException e) {
            throw new IllegalStateException("an outcome is never a failure", e);
        }
    }

    private static void write(Context context, HttpAnswer answer) {
        context.status(answer.status());
        context.contentType(
                answer.body().startsWith("<") ? "text/html; charset=utf-8" : "application/json; charset=utf-8");
        if (!answer.trId().isEmpty()) {
            // Lower case on the wire: the official samples look for exactly these.
            context.header("tr_id", answer.trId());
            context.header("tr_cont", answer.trCont());
            String requestId = context.req().getHeader("gt_uid");
            context.header("gt_uid", requestId == null ? "" : requestId);
        }
        send(context, answer.body());
    }

    /** Writes straight into the server's buffer: the library's way copies every answer through 8 KiB of its own. */
    private static void send(Context context, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        context.res().setContentLength(bytes.length);
        try {
            context.res().getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void overloaded(Context context) {
        context.status(500)
                .contentType("application/json; charset=utf-8")
                .result("{\"rt_cd\":\"1\",\"msg_cd\":\"EGW00300\",\"msg1\":\"Gateway 라우팅 오류가 발생했습니다.\"}");
    }

    /** Sends a TCP reset instead of an answer. */
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

    private static Map<String, String> headers(HttpServletRequest request) {
        Map<String, String> headers = new HashMap<>();
        request.getHeaderNames()
                .asIterator()
                .forEachRemaining(name -> headers.put(name.toLowerCase(Locale.ROOT), request.getHeader(name)));
        return headers;
    }

    private static Map<String, String> query(Context context) {
        Map<String, String> query = new HashMap<>();
        context.queryParamMap().forEach((name, values) -> query.put(name, values.isEmpty() ? "" : values.getFirst()));
        return query;
    }

    private String hex(int bytes) {
        byte[] randomBytes = new byte[bytes];
        random.nextBytes(randomBytes);
        return HexFormat.of().formatHex(randomBytes);
    }

    private String letters(int count) {
        StringBuilder out = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            out.append((char) ('a' + random.nextInt(26)));
        }
        return out.toString();
    }

    @Override
    public void close() {
        app.stop();
    }
}
