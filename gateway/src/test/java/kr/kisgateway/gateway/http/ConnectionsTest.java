package kr.kisgateway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections that use up the capacity that others need. */
@Tag("slow")
class ConnectionsTest {
    private static final int CONNECTIONS_MAX = 60;
    private static final int OF_THIS_MACHINE = 40;
    private static final String HALF_REQUEST = "GET /thing HTTP/1.1\r\nHost: loc";

    private final CountDownLatch mayLeave = new CountDownLatch(1);
    private final List<Socket> open = new ArrayList<>();
    private Optional<HttpEdge> edge = Optional.empty();

    @AfterEach
    void stop() throws IOException {
        mayLeave.countDown();
        for (var socket : open) {
            socket.close();
        }
        edge.ifPresent(HttpEdge::close);
    }

    @Test
    void half_sent_headers_from_all_loopback_addresses_do_not_block_a_probe() throws Exception {
        serve(OF_THIS_MACHINE, Duration.ofMinutes(10));
        for (int i = 0; i < 5 * OF_THIS_MACHINE; i++) {
            send(connected("127.0.0." + (1 + i % 9)), HALF_REQUEST);
        }

        until(() -> isServed(connected("127.0.0.1"), "/health", ""));
        assertThat(count()).as("connections of this machine").isLessThanOrEqualTo(OF_THIS_MACHINE);
    }

    @Test
    void anonymous_clients_at_the_connection_limit_block_neither_a_probe_nor_a_key_owner() throws Exception {
        serve(2 * CONNECTIONS_MAX, Duration.ofMinutes(10));
        var owner = connected("127.0.0.1");
        assertThat(isServed(owner, "/thing", "X-API-Key: bot\r\n")).isTrue();
        for (int i = 0; i < 5 * CONNECTIONS_MAX; i++) {
            send(connected("127.0.0.2"), HALF_REQUEST);
        }

        until(() -> isServed(connected("127.0.0.1"), "/health", ""));
        assertThat(isServed(owner, "/thing", "X-API-Key: bot\r\n"))
                .as("on the connection from before")
                .isTrue();
        until(() -> count() < CONNECTIONS_MAX);
    }

    @Test
    void missing_bodies_of_refused_requests_free_connections_like_half_sent_headers() throws Exception {
        serve(OF_THIS_MACHINE, Duration.ofMinutes(10));
        for (int i = 0; i < 3 * OF_THIS_MACHINE; i++) {
            send(connected("127.0.0.2"), "POST /refused HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{");
        }

        until(() -> isServed(connected("127.0.0.1"), "/health", ""));
    }

    @Test
    void an_address_at_its_limit_of_running_requests_gets_no_further_connection() throws Exception {
        serve(OF_THIS_MACHINE, Duration.ofMinutes(10));
        for (int i = 0; i < OF_THIS_MACHINE; i++) {
            send(connected("127.0.0.1"), "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        until(() -> slow() == OF_THIS_MACHINE);
        assertThat(isServed(connected("127.0.0.2"), "/thing", "")).isFalse();

        mayLeave.countDown();
        until(() -> isServed(connected("127.0.0.2"), "/thing", ""));
    }

    @Test
    void under_pressure_a_header_must_be_complete_within_its_timeout() throws Exception {
        serve(OF_THIS_MACHINE, Duration.ofMillis(200));
        var slowSenders = new ArrayList<Socket>();
        for (int i = 0; i < OF_THIS_MACHINE - 5; i++) {
            var socket = connected("127.0.0.1");
            send(socket, HALF_REQUEST);
            slowSenders.add(socket);
        }

        // A byte now and then does not extend the deadline.
        until(() -> {
            for (var socket : slowSenders) {
                try {
                    send(socket, "a");
                } catch (IOException e) {
                    return true;
                }
            }
            return false;
        });
        until(() -> count() < OF_THIS_MACHINE * 3 / 4);
    }

    @Test
    void a_header_that_arrives_byte_by_byte_is_cut_off_without_any_pressure() throws Exception {
        serve(OF_THIS_MACHINE, Duration.ofMinutes(10), Duration.ofMillis(300));
        var slow = connected("127.0.0.1");
        send(slow, HALF_REQUEST);
        var afterAnswer = connected("127.0.0.1");
        assertThat(isServed(afterAnswer, "/thing", "X-API-Key: bot\r\n")).isTrue();
        send(afterAnswer, HALF_REQUEST);
        var quiet = connected("127.0.0.1");

        for (var dripping : List.of(slow, afterAnswer)) {
            until(() -> {
                try {
                    send(dripping, "a");
                    return false;
                } catch (IOException e) {
                    return true;
                }
            });
        }
        assertThat(isServed(quiet, "/thing", ""))
                .as("a connection without a byte of its next request")
                .isTrue();
    }

    @Test
    void the_time_limit_of_headers_does_not_apply_to_requests_and_bodies() throws Exception {
        serve(OF_THIS_MACHINE, Duration.ofMinutes(10), Duration.ofMillis(100));
        var running = connected("127.0.0.1");
        send(running, "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
        var sending = connected("127.0.0.1");
        send(sending, "POST /refused HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{");
        var late = connected("127.0.0.1");
        send(late, HALF_REQUEST);
        until(() -> late.getInputStream().read() == -1);

        mayLeave.countDown();
        send(sending, "}");
        assertThat(running.getInputStream().read()).isEqualTo('H');
        assertThat(sending.getInputStream().read()).isEqualTo('H');
    }

    @Test
    void a_stream_survives_connection_pressure() throws Exception {
        serve(OF_THIS_MACHINE, Duration.ofMillis(200));
        var echoed = new CountDownLatch(1);
        var client = HttpClient.newHttpClient();
        try {
            var stream = client.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + port() + "/stream"), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                            echoed.countDown();
                            return WebSocket.Listener.super.onText(socket, data, last);
                        }
                    })
                    .get(20, TimeUnit.SECONDS);
            for (int i = 0; i < 3 * OF_THIS_MACHINE; i++) {
                send(connected("127.0.0.1"), HALF_REQUEST);
            }
            until(() -> count() < OF_THIS_MACHINE * 3 / 4);

            stream.sendText("still there", true).get(20, TimeUnit.SECONDS);
            assertThat(echoed.await(20, TimeUnit.SECONDS)).isTrue();
            stream.abort();
        } finally {
            client.shutdownNow();
        }
    }

    private final CountDownLatch slow = new CountDownLatch(OF_THIS_MACHINE);

    private int slow() {
        return OF_THIS_MACHINE - (int) slow.getCount();
    }

    private void serve(int ofThisMachine, Duration idleLimit) {
        serve(ofThisMachine, idleLimit, Duration.ofMinutes(10));
    }

    private void serve(int ofThisMachine, Duration idleLimit, Duration headerLimit) {
        var table = new RouteTable()
                .getWithoutKey("/health", ConnectionsTest::ok)
                .get(Role.QUOTE, "/thing", ConnectionsTest::ok)
                .get(Role.QUOTE, "/slow", call -> {
                    slow.countDown();
                    try {
                        assertThat(mayLeave.await(60, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    ok(call);
                })
                .post(Role.ADMIN, "/refused", ConnectionsTest::ok)
                .socket(Role.QUOTE, "/stream", new Echo());
        edge = Optional.of(HttpEdge.start(
                EdgeSettings.defaults("127.0.0.1", 0)
                        .withConnections(new Connections.Bounds(
                                CONNECTIONS_MAX,
                                ofThisMachine,
                                ofThisMachine,
                                idleLimit,
                                headerLimit,
                                Duration.ofMillis(20))),
                table,
                (knock, needed) -> {
                    if (needed.equals(Optional.of(Role.ADMIN))) {
                        throw new RefusedException(Refusal.of(ErrorCode.UNAUTHENTICATED, "no key"));
                    }
                    return new Caller(
                            knock.apiKey().orElse(Caller.LOCAL_NAME), Role.QUOTE, Optional.empty(), Optional.empty());
                },
                new TraceIds(1),
                new ThreadTaskRunner()));
    }

    private static void ok(Call call) {
        call.answer(new JsonBuffer().beginObject().field("ok", true).endObject());
    }

    private int port() {
        return edge.orElseThrow().port();
    }

    private int count() {
        return edge.orElseThrow().connections();
    }

    private Socket connected(String from) throws IOException {
        var socket = new Socket(InetAddress.getByName("127.0.0.1"), port(), InetAddress.getByName(from), 0);
        open.add(socket);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean isServed(Socket socket, String path, String headers) {
        try {
            send(socket, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
            var in = socket.getInputStream();
            boolean answered = in.read() == 'H';
            // The rest of the answer, so that the next answer begins where it is expected.
            return answered && in.readNBytes(in.available()).length > 0;
        } catch (IOException e) {
            return false; // closed, with or without an answer
        }
    }

    private static final class Echo implements SocketHandler {
        @Override
        public Optional<Refusal> refusalFor(Caller caller) {
            return Optional.empty();
        }

        @Override
        public String subprotocol() {
            return "quotes.v1";
        }

        @Override
        public SocketListener opened(SocketConnection connection, Caller caller) {
            return new SocketListener() {
                @Override
                public void text(String message) {
                    assertThat(connection.send(message, Duration.ofSeconds(20))).isTrue();
                }

                @Override
                public void closed() {
                    // No token is stored.
                }
            };
        }
    }

    private interface Condition {
        boolean isTrue() throws Exception;
    }

    private static void until(Condition condition) throws Exception {
        var never = new CountDownLatch(1);
        for (int i = 0; i < 1_000; i++) {
            if (condition.isTrue()) {
                return;
            }
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(condition.isTrue()).isTrue();
    }
}
