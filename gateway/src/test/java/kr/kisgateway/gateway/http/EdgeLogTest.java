package kr.kisgateway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Clients that disconnect or never answer leave no line in the log. */
class EdgeLogTest {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();
    private final Warnings warnings = new Warnings();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch mayLeave = new CountDownLatch(1);
    private final CountDownLatch left = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    private static final class Warnings extends AppenderBase<ILoggingEvent> {
        private final Queue<String> texts = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
                texts.add(event.getFormattedMessage());
            }
        }
    }

    @BeforeEach
    void listen() {
        root.setLevel(Level.WARN);
        warnings.setContext(root.getLoggerContext());
        warnings.start();
        root.addAppender(warnings);
    }

    @AfterEach
    void stop() {
        root.detachAppender(warnings);
        root.setLevel(before);
    }

    private HttpEdge start() {
        var table = new RouteTable()
                .get(Role.QUOTE, "/refused", call -> {
                    entered.countDown();
                    try {
                        mayLeave.await(20, TimeUnit.SECONDS);
                        throw new RefusedException(
                                Refusal.of(ErrorCode.FORBIDDEN, "not you" + " at all".repeat(100_000)));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        left.countDown();
                    }
                })
                .get(Role.QUOTE, "/begun", call -> {
                    call.startLines(Duration.ofSeconds(5)).send(new byte[] {'{', '}', '\n'}, 3);
                    throw new RefusedException(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "not now"));
                })
                .socket(Role.QUOTE, "/socket", new Silent());
        return HttpEdge.start(
                EdgeSettings.defaults("127.0.0.1", 0),
                table,
                (_, _) -> Caller.local(Role.ADMIN),
                new TraceIds(1),
                new ThreadTaskRunner());
    }

    @Test
    void a_refusal_whose_client_has_disconnected_is_no_error() throws Exception {
        try (var edge = start()) {
            try (var socket = sendRequest(edge, "GET /refused HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
                assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
                socket.setSoLinger(true, 0);
            }
            mayLeave.countDown();
            assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(warnings.texts).isEmpty();
    }

    @Test
    void a_refusal_after_the_answer_began_ends_the_connection_without_a_second_answer() throws Exception {
        try (var edge = start();
                var socket = sendRequest(edge, "GET /begun HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            socket.setSoTimeout(20_000);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 200").contains("{}").doesNotContain("QUOTE_UNAVAILABLE");
        }
        assertThat(warnings.texts).isEmpty();
    }

    @Test
    void a_socket_whose_peer_does_not_answer_the_close_does_not_delay_a_stop() throws Exception {
        var edge = start();
        try (var mute = sendRequest(
                edge,
                "GET /socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")) {
            assertThat(opened.await(20, TimeUnit.SECONDS)).isTrue();
            edge.close();
            assertThat(mute.isConnected()).isTrue();
        }
        assertThat(warnings.texts).isEmpty();
    }

    private static Socket sendRequest(HttpEdge edge, String request) throws IOException {
        var socket = new Socket("127.0.0.1", edge.port());
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private final class Silent implements SocketHandler {
        @Override
        public Optional<Refusal> refusalFor(Caller caller) {
            return Optional.empty();
        }

        @Override
        public String subprotocol() {
            return "test";
        }

        @Override
        public SocketListener opened(SocketConnection connection, Caller caller) {
            opened.countDown();
            return new SocketListener() {
                @Override
                public void text(String message) {
                    // the peer sends no message
                }

                @Override
                public void vanished() {
                    // the peer stays connected
                }

                @Override
                public void closed() {
                    // expected
                }
            };
        }
    }
}
