package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.log.SecurityLog;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The log of a whole gateway. */
@Tag("slow")
class GatewayLogTest {
    @TempDir
    private Path folder;

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger security = (Logger) LoggerFactory.getLogger(SecurityLog.AUDIT);
    private final Level originalLevel = root.getLevel();
    private final CapturedEvents captured = new CapturedEvents();

    private static final class CapturedEvents extends AppenderBase<ILoggingEvent> {
        private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }
    }

    @BeforeEach
    void listen() {
        root.setLevel(Level.WARN);
        security.setLevel(Level.INFO);
        captured.setContext(root.getLoggerContext());
        captured.start();
        root.addAppender(captured);
    }

    @AfterEach
    void stop() {
        root.detachAppender(captured);
        security.setLevel(null);
        root.setLevel(originalLevel);
    }

    @Test
    void clients_that_disconnect_leave_no_warning() throws IOException {
        try (var gateway = start()) {
            for (int i = 0; i < 10; i++) {
                leave(gateway, "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(30));
                leave(gateway, "GET /v1/events?channels=quotes&symbols=005930 HTTP/1.1\r\nHost: localhost\r\n\r\n");
                leave(
                        gateway,
                        "GET /v1/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
                leave(gateway, "GET /v1/quotes/0059");
                leave(
                        gateway,
                        "POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n"
                                + "Content-Type: application/json\r\nIdempotency-Key: k\r\n\r\n{");
            }
            assertThat(get(gateway, "/health/live")).isEqualTo(200);
        }
        assertThat(captured.events)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .filteredOn(event -> event.getLoggerName().startsWith("gateway.http")
                        || event.getLoggerName().startsWith("gateway.stream")
                        || event.getLoggerName().startsWith("org.eclipse"))
                .isEmpty();
    }

    @Test
    void keys_limits_the_kill_switch_and_starts_are_security_events() throws Exception {
        try (var gateway = start()) {
            var made = send(gateway, "POST", "/v1/keys", "{\"name\":\"bot\",\"role\":\"trade\"}", "");
            assertThat(made).contains("kgw_");
            var key = made.substring(made.indexOf("kgw_"), made.indexOf('"', made.indexOf("kgw_")));
            send(gateway, "GET", "/v1/session/status", "", key);
            send(gateway, "GET", "/v1/session/status", "", key.substring(0, key.length() - 2) + "xx");
            send(gateway, "POST", "/v1/keys/bot/rotate", "{\"grace_sec\":0}", "");
            send(gateway, "DELETE", "/v1/keys/bot", "", "");
            send(
                    gateway,
                    "PUT",
                    "/v1/risk/limits",
                    "{\"gateway\":{\"daily_orders\":null,\"max_qty\":500,\"max_notional\":null,\"check_cash\":null,"
                            + "\"refuse_managed\":null}}",
                    "");
            send(gateway, "POST", "/v1/risk/kill-switch", "{\"on\":true,\"reason\":\"test\"}", "");
        }

        for (var event : List.of(
                "gateway_started",
                "key_created",
                "key_first_used",
                "key_wrong",
                "key_rotated",
                "key_revoked",
                "risk_limits_set by=local",
                "kill_switch_set on=true by=local",
                "gateway_stopping")) {
            assertThat(captured.events)
                    .as(event)
                    .anyMatch(it -> it.getLoggerName().startsWith(SecurityLog.AUDIT)
                            && it.getFormattedMessage().startsWith(event));
        }
        assertThat(captured.events)
                .anyMatch(it -> it.getFormattedMessage().startsWith("risk_limits_set")
                        && it.getFormattedMessage().contains(" changes=\"gateway.daily_orders 10000 → none, ")
                        && it.getFormattedMessage().contains(", gateway.max_qty 10000 → 500, "));
        assertThat(captured.events)
                .anyMatch(it -> it.getFormattedMessage().startsWith("kill_switch_set")
                        && it.getFormattedMessage().endsWith("reason=\"test\""));
        assertThat(captured.events).noneMatch(it -> it.getFormattedMessage().contains("kgw_"));
    }

    @Test
    void each_change_of_a_key_by_the_command_is_one_security_event_of_a_running_gateway() throws Exception {
        try (var gateway = start()) {
            var key = KeyCommands.printed(folder, List.of("create", "beside", "--role", "admin"));
            Await.until(() -> send(gateway, "GET", "/v1/keys", "", key).contains("beside"));
            KeyCommands.printed(folder, List.of("rotate", "beside"));
            KeyCommands.printed(folder, List.of("revoke", "beside"));
            Await.until(() -> send(gateway, "GET", "/v1/keys", "", "").contains("revoked_at\":\"2"));
        }

        for (var event : List.of("key_created", "key_rotated", "key_revoked")) {
            assertThat(captured.events)
                    .filteredOn(it -> it.getLoggerName().startsWith(SecurityLog.AUDIT)
                            && it.getFormattedMessage().startsWith(event)
                            && it.getFormattedMessage().contains("name=beside"))
                    .as(event)
                    .hasSize(1);
        }
    }

    private Gateway start() {
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=open-fixed"),
                Map.of("KIS_ENV", "sim"),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        return Gateway.start(((SettingsResult.Loaded) loaded).settings());
    }

    /** Sends a request and disconnects without a close, as a killed program does. */
    private static void leave(Gateway gateway, String request) throws IOException {
        try (var socket = new Socket("127.0.0.1", gateway.port())) {
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            if (request.endsWith("\r\n\r\n")) {
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }
        }
    }

    private static int get(Gateway gateway, String path) throws IOException {
        try (var socket = new Socket("127.0.0.1", gateway.port())) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return Integer.parseInt(line.substring(9));
        }
    }

    private static String send(Gateway gateway, String method, String path, String body, String key) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(gateway.baseUri().resolve(path)).header("Content-Type", "application/json");
            if (!key.isEmpty()) {
                request.header("X-API-Key", key);
            }
            return client.send(
                            request.method(method, BodyPublishers.ofString(body))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }
}
