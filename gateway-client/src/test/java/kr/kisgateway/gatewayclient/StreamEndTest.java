package kr.kisgateway.gatewayclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a stream ends, with a server that writes raw bytes. */
@Tag("slow")
class StreamEndTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Test
    void the_close_code_is_reported_even_when_the_connection_ends_right_after_it() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int round = 0; round < 50; round++) {
                var serverThread = Thread.ofVirtual().start(() -> serve(server, 3_000));
                try (var client = GatewayClient.at(URI.create("http://127.0.0.1:" + server.getLocalPort()), LIMIT);
                        var stream = client.stream()) {
                    assertThat(stream.awaitClosed(LIMIT))
                            .as("round " + round)
                            .isEqualTo(new GatewayStream.Closed(1001, "bye"));
                    assertThat(stream.arrived()).isEqualTo(3_000);
                }
                serverThread.join();
            }
        }
    }

    @Test
    void a_refused_handshake_reports_its_http_status() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var socket = server.accept()) {
                    key(socket);
                    socket.getOutputStream()
                            .write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            try (var client = GatewayClient.at(URI.create("http://127.0.0.1:" + server.getLocalPort()), LIMIT)) {
                assertThatThrownBy(client::stream)
                        .isInstanceOf(GatewayException.class)
                        .hasMessageContaining("401");
            }
        }
    }

    @Test
    void flushed_messages_arrive_although_the_stream_is_aborted_right_after() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int round = 0; round < 20; round++) {
                var received = new CompletableFuture<byte[]>();
                Thread.ofVirtual().start(() -> receive(server, received));
                try (var client = GatewayClient.at(URI.create("http://127.0.0.1:" + server.getLocalPort()), LIMIT);
                        var stream = client.stream()) {
                    for (int n = 0; n < 200; n++) stream.send("{\"op\":\"subscribe\",\"id\":\"" + n + "\"}");
                    stream.flush(LIMIT);
                }
                // 200 masked texts and the frame of the flush.
                int texts = 0;
                byte[] bytes = received.get(10, TimeUnit.SECONDS);
                for (int at = 0; at < bytes.length; at += 6 + (bytes[at + 1] & 0x7F)) {
                    if (bytes[at] == (byte) 0x81) texts++;
                }
                assertThat(texts).as("round " + round).isEqualTo(200);
            }
        }
    }

    @Test
    void unread_messages_are_bounded_and_then_refused() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var over = new CountDownLatch(1);
            Thread.ofVirtual().start(() -> {
                try (var socket = server.accept()) {
                    socket.getOutputStream().write(upgraded(key(socket)));
                    over.await();
                } catch (IOException | GeneralSecurityException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            try (var client = GatewayClient.at(URI.create("http://127.0.0.1:" + server.getLocalPort()), LIMIT);
                    var stream = client.stream()) {
                var large = "x".repeat(60_000);
                var sent = new AtomicInteger();
                assertThatThrownBy(() -> {
                            while (sent.get() < 20_000) {
                                stream.send(large);
                                sent.incrementAndGet();
                            }
                        })
                        .isInstanceOf(GatewayException.class)
                        .hasMessageContaining("does not read")
                        .hasMessageNotContaining(large);
                // Beside the queue only what the sockets' own buffers took.
                assertThat(sent.get()).isBetween(GatewayStream.QUEUED_MAX, GatewayStream.QUEUED_MAX + 500);
                assertThatThrownBy(() -> stream.flush(Duration.ofMillis(50)))
                        .isInstanceOf(GatewayException.class)
                        .hasMessageContaining("did not read");
            } finally {
                over.countDown();
            }
        }
    }

    @Test
    void a_flush_fails_when_the_connection_ends_before_everything_is_sent() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var flushing = new CountDownLatch(1);
            var caller = Thread.currentThread();
            Thread.ofVirtual().start(() -> {
                try (var socket = server.accept()) {
                    socket.getOutputStream().write(upgraded(key(socket)));
                    flushing.await();
                    while (caller.getState() != Thread.State.TIMED_WAITING) Thread.onSpinWait();
                } catch (IOException | GeneralSecurityException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            try (var client = GatewayClient.at(URI.create("http://127.0.0.1:" + server.getLocalPort()), LIMIT);
                    var stream = client.stream()) {
                // More than the sockets' own buffers take, so that the rest cannot leave.
                for (int n = 0; n < 800; n++) stream.send("x".repeat(60_000));
                flushing.countDown();
                assertThatThrownBy(() -> stream.flush(LIMIT))
                        .isInstanceOf(GatewayException.class)
                        .hasMessageContaining("may not have been sent");
            }
        }
    }

    private static void receive(ServerSocket server, CompletableFuture<byte[]> received) {
        var bytes = new ByteArrayOutputStream();
        try (var socket = server.accept()) {
            socket.getOutputStream().write(upgraded(key(socket)));
            socket.getInputStream().transferTo(bytes);
        } catch (SocketException cut) {
            // The client left without a goodbye, which is what the test is about.
        } catch (IOException | GeneralSecurityException e) {
            received.completeExceptionally(e);
        }
        received.complete(bytes.toByteArray());
    }

    private static byte[] upgraded(String key) throws GeneralSecurityException {
        return ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Protocol: " + GatewayStream.SUBPROTOCOL + "\r\nSec-WebSocket-Accept: "
                        + accept(key) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Upgrades, sends {@code count} messages in writes of ten, closes with 1001 and disconnects after the last. */
    private static void serve(ServerSocket server, int count) {
        try (var socket = server.accept()) {
            var all = new ByteArrayOutputStream();
            all.write(upgraded(key(socket)));
            for (int n = 0; n < count; n++) {
                var text = ("{\"n\":" + n + "}").getBytes(StandardCharsets.US_ASCII);
                all.write(0x81);
                all.write(text.length);
                all.write(text);
                if (n % 10 == 9) {
                    socket.getOutputStream().write(all.toByteArray());
                    all.reset();
                }
            }
            all.write(new byte[] {(byte) 0x88, 5, 1001 >> 8, (byte) 1001, 'b', 'y', 'e'});
            socket.getOutputStream().write(all.toByteArray());
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String key(Socket socket) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0)
            head.append((char) socket.getInputStream().read());
        return head.toString()
                .lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("sec-websocket-key:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    private static String accept(String key) throws GeneralSecurityException {
        var digest = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(digest);
    }
}
