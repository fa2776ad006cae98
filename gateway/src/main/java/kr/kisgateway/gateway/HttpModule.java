package kr.kisgateway.gateway;

import java.net.SocketException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import kr.kisgateway.gateway.access.ApiKey;
import kr.kisgateway.gateway.access.ClientCalls;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.audit.AuditRoutes;
import kr.kisgateway.gateway.audit.HttpAudit;
import kr.kisgateway.gateway.doctor.PortChecks;
import kr.kisgateway.gateway.http.CallRecorder;
import kr.kisgateway.gateway.http.EdgeSettings;
import kr.kisgateway.gateway.http.Encryption;
import kr.kisgateway.gateway.http.Gatekeeper;
import kr.kisgateway.gateway.http.HttpEdge;
import kr.kisgateway.gateway.http.OpenApiRoutes;
import kr.kisgateway.gateway.http.TlsFiles;
import kr.kisgateway.gateway.http.TlsFiles.TlsFilesException;
import kr.kisgateway.gateway.mcp.McpRoutes;
import kr.kisgateway.gateway.meter.ApiUsage;
import kr.kisgateway.gateway.meter.MetricsRoutes;
import kr.kisgateway.gateway.meter.RouteMeters;
import kr.kisgateway.gateway.page.PageRoutes;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.SettingsRoutes;
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.mcp.McpServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listener of the API. */
final class HttpModule {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.http");
    private static final String CONFIRMATIONS_PURPOSE = "confirmations of agents' orders";
    private static final int CONFIRMATIONS_LENGTH = 64;

    private HttpModule() {}

    /**
     * Answers calls to the routes of {@code platform} from now on.
     *
     * @param usage counts the calls of each version
     * @param subscriptions those of open streams, by the name of the caller
     */
    static HttpEdge start(
            Platform platform,
            Gatekeeper gatekeeper,
            KeyRing keys,
            ApiUsage usage,
            Supplier<Map<String, Integer>> subscriptions) {
        new OpenApiRoutes().register(platform.routes());
        new MetricsRoutes(platform.meters()).register(platform.routes());
        PageRoutes.register(platform.routes());
        new McpRoutes(
                        new McpServer(
                                Version.text(),
                                platform.settings().agents().toolsets(),
                                platform.master().derive(CONFIRMATIONS_PURPOSE, CONFIRMATIONS_LENGTH),
                                platform.clock(),
                                platform.random(),
                                failure -> LOG.error("agent_message_failed", failure)),
                        platform.routes())
                .register();
        registerAudit(platform);
        new SettingsRoutes(platform.settings().reload()::effective).register(platform.routes());
        var clients = new ClientCalls(subscriptions, platform.clock());
        clients.register(platform.routes());
        return listen(platform, gatekeeper, usage, audit(platform, keys).and(clients));
    }

    /** Records the calls of keys. */
    static CallRecorder audit(Platform platform, KeyRing keys) {
        return new HttpAudit(
                platform.audit(),
                AuditModule.masked(platform.settings()),
                platform.clock(),
                id -> keys.findByIdOrName(id).map(ApiKey::name));
    }

    /** Answers calls to the registered routes from now on. */
    static HttpEdge listen(Platform platform, Gatekeeper gatekeeper, ApiUsage usage, CallRecorder recorder) {
        var http = platform.settings().http();
        var edge = platform.parts()
                .add(startListener(
                        "GATEWAY_PORT",
                        http.bind(),
                        http.port(),
                        () -> HttpEdge.start(
                                settings(platform),
                                platform.routes(),
                                gatekeeper,
                                new HttpEdge.Observation(
                                        new RouteMeters(
                                                platform.meters(),
                                                usage,
                                                platform.clock().nanos()),
                                        recorder,
                                        platform.clock().nanos(),
                                        platform.tracer()),
                                platform.traceIds(),
                                platform.tasks())));
        platform.meters().resource("http_connections", edge::connections, edge.connectionsMax());
        platform.meters().resource("http_answer_bytes", edge::answerBytes, edge.answerBytesMax());
        return edge;
    }

    private static void registerAudit(Platform platform) {
        var routes = platform.parts().add(new AuditRoutes(AuditModule.pages(platform)));
        routes.bindTo(platform.meters());
        routes.register(platform.routes());
    }

    /** Starts a listener; an unavailable address or port becomes a one-sentence message for the operator. */
    static <T> T startListener(String setting, String bind, int port, Supplier<T> listener) {
        return startListener(setting, bind, port, List.of(), listener);
    }

    /** @param further ports that this process opens later: those that are used are named, too */
    static <T> T startListener(
            String setting, String bind, int port, List<PortChecks.OwnPort> further, Supplier<T> listener) {
        try {
            return listener.get();
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SocketException || cause instanceof UnresolvedAddressException) {
                    throw new StartException(BindProblem.describe(setting, bind, port, further));
                }
            }
            throw e;
        }
    }

    private static EdgeSettings settings(Platform platform) {
        var settings = platform.settings();
        var http = settings.http();
        return EdgeSettings.defaults(http.bind(), http.port())
                .withAnyHost(settings.access().keysRequired())
                .withConnectionsPerAddress(settings.access().connectionsPerAddress())
                .withTls(tls(platform))
                .withNodes(FanoutModule.signature(platform));
    }

    /** How this gateway verifies others of its cluster, and shows its own certificate; empty without encryption. */
    static Optional<SSLContext> clientTls(Settings settings) {
        return settings.http().tls().map(tls -> {
            try {
                return TlsFiles.clientContext(source(tls), tls.clientAuthorities());
            } catch (TlsFilesException e) {
                throw new StartException(String.valueOf(e.getMessage()));
            }
        });
    }

    /** The encryption of the listeners, whose files are followed when they change; empty for plain HTTP. */
    static Optional<Encryption> tls(Platform platform) {
        return tls(platform.settings(), platform.tasks(), platform.parts());
    }

    /** The same, watched by {@code tasks} until {@code parts} close. */
    static Optional<Encryption> tls(Settings settings, TaskRunner tasks, Parts parts) {
        return settings.http()
                .tls()
                .map(tls -> parts.add(openTls(tls).watch(tasks)).encryption());
    }

    /** Reads certificate and key once. */
    static TlsFiles openTls(Settings.Tls tls) {
        try {
            return TlsFiles.open(source(tls), tls.clientAuthorities());
        } catch (TlsFilesException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        }
    }

    private static TlsFiles.Source source(Settings.Tls tls) {
        return tls.key()
                .<TlsFiles.Source>map(key -> new TlsFiles.Source.Pem(tls.certificate(), key))
                .orElseGet(() -> new TlsFiles.Source.Pkcs12(
                        tls.certificate(), tls.password().orElseThrow()));
    }
}
