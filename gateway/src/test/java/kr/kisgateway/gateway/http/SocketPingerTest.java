package kr.kisgateway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import org.junit.jupiter.api.Test;

/** A peer that disappeared without a close. */
class SocketPingerTest {
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger droppedCount = new AtomicInteger();
    private final CountDownLatch dropped = new CountDownLatch(1);

    @Test
    void a_peer_that_answers_no_ping_is_dropped_and_counted_and_a_responsive_one_stays() throws Exception {
        var table = new RouteTable().socket(Role.QUOTE, "/s", new Handler());
        try (var edge = HttpEdge.start(
                        EdgeSettings.defaults("127.0.0.1", 0),
                        table,
                        (_, _) -> Caller.local(Role.ADMIN),
                        new TraceIds(1),
                        new ThreadTaskRunner(),
                        Duration.ofMillis(300));
                var http = HttpClient.newHttpClient();
                var silent = new Socket("127.0.0.1", edge.port())) {
            var answers = new CountDownLatch(4);
            var alive = http.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + edge.port() + "/s"), new WebSocket.Listener() {
                        @Override
                        public java.util.concurrent.CompletionStage<?> onPing(
                                WebSocket socket, java.nio.ByteBuffer message) {
                            answers.countDown();
                            return WebSocket.Listener.super.onPing(socket, message);
                        }
                    })
                    .get(20, TimeUnit.SECONDS);
            silent.getOutputStream()
                    .write(("GET /s HTTP/1.1\r\nHost: 127.0.0.1:" + edge.port()
                                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));

            assertThat(dropped.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(droppedCount).hasValue(1);
            assertThat(answers.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(open).hasValue(1);
            assertThat(alive.isInputClosed()).isFalse();
            alive.abort();
        }
    }

    private final class Handler implements SocketHandler {
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
            open.incrementAndGet();
            return new SocketListener() {
                @Override
                public void text(String message) {
                    connection.send(message, Duration.ofSeconds(1));
                }

                @Override
                public void vanished() {
                    droppedCount.incrementAndGet();
                }

                @Override
                public void closed() {
                    open.decrementAndGet();
                    dropped.countDown();
                }
            };
        }
    }
}
