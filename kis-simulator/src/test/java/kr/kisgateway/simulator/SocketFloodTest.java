package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send frames without a pause. */
@Tag("slow")
class SocketFloodTest {
    private static final byte[] PING = {(byte) 0x89, (byte) 0x80, 0, 0, 0, 0};

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger ended = new AtomicInteger();

    @TempDir
    Path folder;

    @Test
    void calls_are_answered_while_more_sockets_than_processors_flood() throws Exception {
        try (var simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db")));
                var http = HttpClient.newHttpClient()) {
            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                Thread.ofPlatform().daemon().start(() -> floodAgainAndAgain(simulator.port()));
            }
            var request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + simulator.port() + "/simulator/state"))
                    .timeout(Duration.ofSeconds(60))
                    .build();
            int answers = 0;
            for (long until = System.nanoTime() + 4_000_000_000L; System.nanoTime() < until; answers++) {
                assertThat(http.send(request, BodyHandlers.discarding()).statusCode())
                        .isEqualTo(200);
            }
            stopped.set(true);
            // Without turns, none. The senders take most of the machine themselves.
            assertThat(answers).isGreaterThan(1);
        }
    }

    private void floodAgainAndAgain(int port) {
        var frames = new byte[PING.length * 4_000];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = PING[i % PING.length];
        }
        while (!stopped.get()) {
            try (var socket = new Socket("127.0.0.1", port)) {
                socket.getOutputStream()
                        .write(("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + port
                                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                // Pongs are read by another thread, so that the simulator never waits for its peer.
                Thread.ofVirtual().start(() -> discard(socket));
                while (!stopped.get()) {
                    socket.getOutputStream().write(frames);
                }
            } catch (IOException _) {
                ended.incrementAndGet();
            }
        }
    }

    private void discard(Socket socket) {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException _) {
            ended.incrementAndGet();
        }
    }
}
