package kr.kisgateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A listener that ends in a process that goes on leaves no client waiting. */
class ListenerStopTest {
    private static final int ROUNDS = 15;
    private static final int CLIENTS = 8;
    private static final int CALLS = 40;
    private static final int PATIENCE_MS = 5_000;
    private static final byte[] CALL =
            "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static AnyPathListener listener() {
        return new AnyPathListener(
                new AnyPathListener.Options(
                        "127.0.0.1",
                        0,
                        OriginRule.keyed("127.0.0.1"),
                        Set.of("GET"),
                        1_024,
                        1_024,
                        Duration.ofMinutes(1),
                        100,
                        AnyPathListener.Connections.plain()),
                _ -> new AnyPathListener.Answer.Text(200, "", Map.of(), "answered"),
                AnyPathListener.Sockets.none());
    }

    @Test
    void a_connection_that_is_accepted_while_the_listener_ends_is_closed() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            var calls = new AtomicInteger();
            var stopped = new AtomicBoolean();
            var waited = new AtomicInteger();
            var clients = new ArrayList<Thread>();
            try (var listener = listener()) {
                listener.start();
                int port = listener.port();
                for (int i = 0; i < CLIENTS; i++) {
                    clients.add(Thread.ofPlatform().start(() -> {
                        while (!stopped.get()) call(port, calls, waited);
                    }));
                }
                while (calls.get() < CALLS) Thread.onSpinWait();
            }
            stopped.set(true);
            for (var client : clients) client.join();
            assertThat(waited).as("clients without an answer in round " + round).hasValue(0);
        }
    }

    private static void call(int port, AtomicInteger calls, AtomicInteger waited) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MS);
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream().write(CALL);
            socket.getInputStream().readAllBytes();
            calls.incrementAndGet();
        } catch (SocketTimeoutException e) {
            waited.incrementAndGet();
        } catch (IOException e) {
            // The listener ended: the client knows at once.
        }
    }
}
