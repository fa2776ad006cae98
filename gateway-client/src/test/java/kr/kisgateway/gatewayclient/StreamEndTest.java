package kr.kisgateway.gatewayclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** How a stream ends, told by a server that writes bytes. */
class StreamEndTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Test
    void the_code_of_a_close_is_known_also_when_the_connection_ends_right_behind_it() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int round = 0; round < 50; round++) {
                var served = Thread.ofVirtual().start(() -> serve(server, 3_000));
                try (var client = GatewayClient.at(URI.create("http://127.0.0.1:" + server.getLocalPort()), LIMIT);
                        var stream = client.stream()) {
                    assertThat(stream.awaitClosed(LIMIT))
                            .as("round " + round)
                            .isEqualTo(new GatewayStream.Closed(1001, "bye"));
                    assertThat(stream.arrived()).isEqualTo(3_000);
                }
                served.join();
            }
        }
    }

    @Test
    void who_is_not_let_in_is_told_why() throws Exception {
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

    /** Upgrades, says {@code count} messages in writes of ten, and closes with 1001 and ends behind the last of them. */
    private static void serve(ServerSocket server, int count) {
        try (var socket = server.accept()) {
            var all = new ByteArrayOutputStream();
            all.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Protocol: " + GatewayStream.SUBPROTOCOL + "\r\nSec-WebSocket-Accept: "
                            + accept(key(socket)) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
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
