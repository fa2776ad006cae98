package kr.kisgateway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that send frames without a pause. */
@Tag("slow")
class SocketFloodTest {
    private static final int TEXT = 0x81;
    private static final int PING = 0x89;
    private static final int CLOSE = 0x88;

    private final CompletableFuture<SocketConnection> opened = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger keys = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private HttpEdge edge;

    @BeforeEach
    void start() {
        var table = new RouteTable()
                .getWithoutKey(
                        "/open",
                        call -> call.answer(new JsonBuffer().beginObject().endObject()))
                .socket(Role.QUOTE, "/s", new Handler());
        // Each socket has a key of its own, unless it names one.
        edge = HttpEdge.start(
                EdgeSettings.defaults("127.0.0.1", 0),
                table,
                (credentials, _) -> new Caller(
                        credentials.apiKey().orElseGet(() -> "key" + keys.incrementAndGet()),
                        Role.ADMIN,
                        Optional.empty(),
                        Optional.empty()),
                new TraceIds(1),
                new ThreadTaskRunner());
    }

    @AfterEach
    void stop() {
        stopped.set(true);
        edge.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {TEXT, PING})
    void requests_are_answered_while_more_sockets_than_processors_flood(int opcode) throws Exception {
        for (var i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
            Thread.ofPlatform().daemon().start(() -> floodAgainAndAgain(opcode));
        }
        opened.get(20, TimeUnit.SECONDS);
        var answers = 0;
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + "/open"))
                    .build();
            for (var until = System.nanoTime() + 4_000_000_000L; System.nanoTime() < until; answers++) {
                assertThat(http.send(request, BodyHandlers.discarding()).statusCode())
                        .isEqualTo(200);
            }
        }
        // Without turns, one or two when a flooded socket is closed. The senders take most of the machine themselves.
        assertThat(answers).isGreaterThan(8);
    }

    @Test
    void a_peer_that_sends_thousands_of_pings_in_a_second_is_closed_with_4008() throws Exception {
        try (var socket = connected()) {
            Thread.ofPlatform().daemon().start(() -> write(socket, frames(PING)));

            assertThat(closeCode(socket)).isEqualTo(4008);
        }
    }

    @Test
    void a_key_closed_for_a_flood_of_frames_opens_no_other_socket_for_some_seconds() throws Exception {
        try (var socket = connected("bot")) {
            Thread.ofPlatform().daemon().start(() -> write(socket, frames(PING)));
            assertThat(closeCode(socket)).isEqualTo(4008);
        }

        requireRefused("bot");
        assertThat(upgrade("another").getFirst()).startsWith("HTTP/1.1 101");
    }

    @Test
    void a_key_closed_for_too_many_requests_opens_no_other_socket_for_some_seconds() throws Exception {
        try (var socket = connected("bot")) {
            opened.get(20, TimeUnit.SECONDS).close(4008, SocketConnection.TOO_MANY_REQUESTS);
            assertThat(closeCode(socket)).isEqualTo(4008);
        }

        requireRefused("bot");
    }

    @Test
    void a_key_closed_for_another_reason_may_return_at_once() throws Exception {
        try (var socket = connected("bot")) {
            opened.get(20, TimeUnit.SECONDS).close(4008, "SLOW_CONSUMER");
            assertThat(closeCode(socket)).isEqualTo(4008);
        }

        assertThat(upgrade("bot").getFirst()).startsWith("HTTP/1.1 101");
    }

    private void requireRefused(String key) throws IOException {
        var answer = upgrade(key);
        assertThat(answer.getFirst()).startsWith("HTTP/1.1 429");
        assertThat(answer).anyMatch(line -> line.matches("(?i)retry-after: [1-5]"));
    }

    /** Status line and headers of the answer to another upgrade with {@code key}. */
    private List<String> upgrade(String key) throws IOException {
        try (var socket = connected(key);
                var reader =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            var lines = new ArrayList<String>();
            for (var line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
                lines.add(line);
            }
            return lines;
        }
    }

    @Test
    void a_closed_socket_ends_although_its_peer_continues_to_send() throws Exception {
        try (var socket = connected()) {
            Thread.ofPlatform().daemon().start(() -> flood(socket, TEXT));

            opened.get(20, TimeUnit.SECONDS).close(4001, "KEY_GONE");

            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void floodAgainAndAgain(int opcode) {
        while (!stopped.get()) {
            try (var socket = connected()) {
                flood(socket, opcode);
            } catch (IOException _) {
                refused.incrementAndGet();
            }
        }
    }

    /** Sends short frames until the connection ends. */
    private void flood(Socket socket, int opcode) {
        var frames = frames(opcode);
        var open = true;
        while (open && !stopped.get()) {
            open = write(socket, frames);
        }
    }

    private static byte[] frames(int opcode) {
        var frame = opcode == PING
                ? new byte[] {(byte) opcode, (byte) 0x80, 0, 0, 0, 0}
                : new byte[] {(byte) opcode, (byte) 0x81, 0, 0, 0, 0, '{'};
        var frames = new byte[frame.length * 4_000];
        for (var i = 0; i < frames.length; i++) {
            frames[i] = frame[i % frame.length];
        }
        return frames;
    }

    /** False when the gateway has ended the connection. */
    private static boolean write(Socket socket, byte[] frames) {
        try {
            socket.getOutputStream().write(frames);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private Socket connected() throws IOException {
        return connected("key" + keys.incrementAndGet());
    }

    private Socket connected(String key) throws IOException {
        var socket = new Socket("127.0.0.1", edge.port());
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("GET /s HTTP/1.1\r\nHost: 127.0.0.1:" + edge.port()
                                + "\r\nX-API-Key: " + key + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Reads the upgrade's answer and pongs until the close. */
    private static int closeCode(Socket socket) throws IOException {
        var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        for (var last = 0; last != 0x0d0a0d0a; ) {
            last = last << 8 | in.readUnsignedByte();
        }
        while (true) {
            var opcode = in.readUnsignedByte();
            var content = new byte[in.readUnsignedByte()];
            in.readFully(content);
            if (opcode == CLOSE) {
                return (content[0] & 0xff) << 8 | content[1] & 0xff;
            }
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
            opened.complete(connection);
            return new SocketListener() {
                @Override
                public void text(String message) {
                    assertThat(message).isEqualTo("{");
                }

                @Override
                public void closed() {
                    closed.countDown();
                }
            };
        }
    }
}
