package kr.kisgateway.client.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a test server that writes bytes according to RFC 6455, and in violation of it. */
class TextSocketTest {
    private static final long TIMEOUT_SECONDS = 10;

    private ServerSocket server;
    private final RecordingListener listener = new RecordingListener();

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void fragmented_messages_are_delivered_complete_and_in_order() throws Exception {
        try (Peer peer = connect()) {
            peer.send("81 05 48656c6c6f"); // RFC 6455 §5.7: "Hello"
            peer.send("01 03 48656c", "80 02 6c6f"); // its fragmented form
            peer.send("01 02 ed95", "89 00", "00 01 9c", "80 03 ea b5 ad"); // 한국, a ping and a cut letter within
            peer.sendText("x".repeat(300));
            peer.sendText("y".repeat(70_000));
            assertThat(listener.next()).isEqualTo("Hello");
            assertThat(listener.next()).isEqualTo("Hello");
            assertThat(listener.next()).isEqualTo("한국");
            assertThat(listener.next()).isEqualTo("x".repeat(300));
            assertThat(listener.next()).isEqualTo("y".repeat(70_000));
        }
    }

    @Test
    void sent_text_is_masked_and_decodes_unchanged() throws Exception {
        try (Peer peer = connect()) {
            for (String text : new String[] {"", "한글", "a".repeat(125), "b".repeat(126), "c".repeat(70_000)}) {
                assertThat(peer.client.send(text)).isTrue();
                assertThat(peer.frame()).isEqualTo("81:" + text);
            }
        }
    }

    @Test
    void a_ping_is_answered_with_its_payload_and_the_newest_of_many_is_enough() throws Exception {
        try (Peer peer = connect()) {
            peer.send("89 03 616263");
            assertThat(peer.frame()).isEqualTo("8a:abc");
            peer.send("8a 00", "82 02 0102", "81 01 61"); // A pong and a binary message are ignored.
            assertThat(listener.next()).isEqualTo("a");
        }
    }

    /** The JDK's own client misses exactly this end. */
    @Test
    void an_end_during_the_handling_of_a_message_is_reported() throws Exception {
        listener.readGate = new CountDownLatch(1);
        Peer peer = connect();
        peer.sendText("last words");
        assertThat(listener.next()).isEqualTo("last words");
        peer.close();
        listener.readGate.countDown();
        assertThat(listener.end()).isEqualTo("1006 ");
    }

    @Test
    void a_reset_is_an_end_without_a_close_frame() throws Exception {
        Peer peer = connect();
        peer.socket.setSoLinger(true, 0);
        peer.close();
        assertThat(listener.end()).isEqualTo("1006 ");
    }

    @ParameterizedTest
    @CsvSource({"88 02 03e8, 1000", "88 00, 1005", "88 05 03f8 627965, 1016"})
    void a_close_frame_is_answered_and_its_code_is_reported(String frame, int code) throws Exception {
        try (Peer peer = connect()) {
            peer.send(frame);
            assertThat(peer.frame()).startsWith("88:");
            assertThat(listener.end()).isEqualTo(code + " ");
            assertThat(peer.client.send("too late")).isFalse();
        }
    }

    @Test
    void a_close_is_sent_after_queued_text_and_its_answer_ends_the_socket() throws Exception {
        try (Peer peer = connect()) {
            peer.client.send("release");
            peer.client.close();
            peer.client.close();
            assertThat(peer.frame()).isEqualTo("81:release");
            assertThat(peer.frame()).startsWith("88:");
            peer.send("88 02 03e8");
            assertThat(listener.end()).isEqualTo("1000 ");
        }
    }

    @Test
    void an_abort_closes_the_socket_immediately() throws Exception {
        try (Peer peer = connect()) {
            peer.client.abort();
            assertThat(listener.end()).isEqualTo("1006 ");
            assertThat(peer.socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "c1 01 61,                     1002, bits that were not agreed",
        "81 81 00000000 61,            1002, bits that were not agreed",
        "83 01 61,                     1002, kind 3",
        "80 01 61,                     1002, out of its turn",
        "01 01 61 81 01 61,            1002, out of its turn",
        "09 00,                        1002, in pieces",
        "89 7e 0080,                   1002, too long",
        "81 02 c328,                   1007, not UTF-8",
        "81 7f 0000000000100001,       1009, longer than",
        "81 7f ffffffffffffffff,       1009, longer than"
    })
    void a_protocol_violation_ends_the_socket_with_a_reason(String frames, int code, String why) throws Exception {
        try (Peer peer = connect()) {
            peer.send(frames);
            assertThat(listener.end()).startsWith(code + " ").contains(why);
            assertThat(peer.client.send("x")).isFalse();
        }
    }

    @Test
    void an_endless_message_ends_the_socket_at_a_mebibyte() throws Exception {
        try (Peer peer = connect()) {
            String piece = "00 7e ff00" + "61".repeat(0xff00);
            peer.send("01 00");
            for (int i = 0; i < 17; i++) {
                peer.send(piece);
            }
            assertThat(listener.end()).startsWith("1009 ");
        }
    }

    @Test
    void a_peer_that_does_not_read_fails_the_send() throws Exception {
        try (Peer peer = connect()) {
            peer.socket.setReceiveBufferSize(4_096);
            String large = "z".repeat(100_000);
            long sent = 0;
            while (sent < 10_000 && peer.client.send(large)) {
                sent++;
            }
            assertThat(sent).isBetween(256L, 400L);
        }
    }

    @Test
    void a_listener_that_throws_ends_the_connection_and_receives_the_end() throws Exception {
        listener.bug = Optional.of(new AssertionError("of the listener"));
        try (Peer peer = connect()) {
            peer.sendText("x");
            assertThat(listener.end()).isEqualTo("1006 java.lang.AssertionError");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 503 Busy\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: wrong\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n",
                "HTTP/1.1 101 Ok\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ACCEPT\r\n"
                        + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
                "SSH-2.0-OpenSSH\r\n\r\n",
                "HTTP/1.1 101 Switching",
                "\r\n\r\n",
                "ENDLESS"
            })
    void an_invalid_handshake_is_refused(String answer) throws Exception {
        var socket = new TextSocket(address(), new SecureRandom(), listener);
        CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> {
            try (Socket accepted = server.accept()) {
                String text = answer.replace("ACCEPT", accept(accepted)).replace("ENDLESS", "x".repeat(40_000));
                accepted.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException _) {
                // The client has closed in the middle of it, which is the subject here.
            }
        });
        assertThatThrownBy(socket::open).isInstanceOf(IOException.class);
        serving.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        assertThat(listener.messages).isEmpty();
        assertThat(socket.send("x")).isFalse();
    }

    @Test
    void a_hanging_handshake_ends_with_an_abort() throws Exception {
        var socket = new TextSocket(address(), new SecureRandom(), listener);
        CompletableFuture<Throwable> opening = CompletableFuture.supplyAsync(() -> {
            try {
                socket.open();
                return new AssertionError("opened");
            } catch (IOException trouble) {
                return trouble;
            }
        });
        try (Socket accepted = server.accept()) {
            accept(accepted); // It has sent its request, and there is no answer.
            socket.abort();
            assertThat(opening.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    private URI address() {
        return URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/tryitout?a=b");
    }

    private Peer connect() throws Exception {
        var client = new TextSocket(address(), new SecureRandom(), listener);
        CompletableFuture<Socket> accepting = CompletableFuture.supplyAsync(() -> {
            try {
                Socket accepted = server.accept();
                String answer = "HTTP/1.1 101 Switching Protocols\r\nUPGRADE: WebSocket\r\nConnection: Upgrade\r\n"
                        + "sec-websocket-accept:" + accept(accepted) + "\r\n\r\n";
                accepted.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                return accepted;
            } catch (IOException trouble) {
                throw new java.io.UncheckedIOException(trouble);
            }
        });
        client.open();
        return new Peer(accepting.get(TIMEOUT_SECONDS, TimeUnit.SECONDS), client);
    }

    /** Reads the request, and computes the answer of RFC 6455 §4.2.2. */
    private static String accept(Socket accepted) throws IOException {
        var request = new StringBuilder();
        while (!request.toString().endsWith("\r\n\r\n")) {
            request.append((char) accepted.getInputStream().read());
        }
        assertThat(request.toString())
                .startsWith("GET /tryitout?a=b HTTP/1.1\r\nHost: 127.0.0.1:")
                .contains("\r\nUpgrade: websocket\r\n", "\r\nSec-WebSocket-Version: 13\r\n");
        var key = Pattern.compile("Sec-WebSocket-Key: (\\S{24})\r").matcher(request);
        assertThat(key.find()).isTrue();
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1")
                            .digest((key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                                    .getBytes(StandardCharsets.US_ASCII)));
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private record Peer(Socket socket, TextSocket client) implements AutoCloseable {
        void send(String... frames) throws IOException {
            var bytes = new ByteArrayOutputStream();
            for (String frame : frames) {
                bytes.write(HexFormat.of().parseHex(frame.replace(" ", "")));
            }
            socket.getOutputStream().write(bytes.toByteArray());
        }

        void sendText(String text) throws IOException {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            OutputStream out = socket.getOutputStream();
            String head = utf8.length < 126
                    ? String.format("81%02x", utf8.length)
                    : utf8.length < 65_536
                            ? String.format("817e%04x", utf8.length)
                            : String.format("817f%016x", utf8.length);
            out.write(HexFormat.of().parseHex(head));
            out.write(utf8);
        }

        /** The next frame of the client, its first octet in hex and its payload unmasked. */
        String frame() throws IOException {
            var in = new DataInputStream(socket.getInputStream());
            int first = in.readUnsignedByte();
            int second = in.readUnsignedByte();
            assertThat(second & 0x80).as("masked").isEqualTo(0x80);
            int length = second & 0x7f;
            length = length == 126 ? in.readUnsignedShort() : length == 127 ? (int) in.readLong() : length;
            var mask = new byte[4];
            in.readFully(mask);
            var payload = new byte[length];
            in.readFully(payload);
            for (int i = 0; i < length; i++) {
                payload[i] ^= mask[i % 4];
            }
            return Integer.toHexString(first) + ":" + new String(payload, StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static final class RecordingListener implements TextSocket.Listener {
        final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        volatile CountDownLatch readGate = new CountDownLatch(0);
        volatile Optional<AssertionError> bug = Optional.empty();

        @Override
        public void opened() {}

        @Override
        public void text(CharBuffer message) {
            bug.ifPresent(it -> {
                throw it;
            });
            messages.add(message.toString());
            try {
                assertThat(readGate.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void ended(int code, Optional<String> broken) {
            ends.add(code + " " + broken.orElse(""));
        }

        String next() throws InterruptedException {
            return Optional.ofNullable(messages.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                    .orElseThrow(() -> new AssertionError("no message; ends " + ends));
        }

        /** How it ended; that is reported once. */
        String end() throws InterruptedException {
            String end = Optional.ofNullable(ends.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                    .orElseThrow(() -> new AssertionError("no end; messages " + messages));
            assertThat(ends).isEmpty();
            return end;
        }
    }
}
