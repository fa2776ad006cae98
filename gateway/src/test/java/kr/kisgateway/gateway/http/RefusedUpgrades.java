package kr.kisgateway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** WebSocket upgrades that a listener must refuse, many of them pipelined over one connection; for tests of listeners. */
final class RefusedUpgrades {
    private static final int CONCURRENT = 100;
    private static final int HEAP_SLACK_BYTES = 12 << 20;
    private static final int THREAD_SLACK = 8;

    private final int port;
    private final List<String> requests;
    private final Set<Integer> statuses = new TreeSet<>();
    private long cookies;

    /** @param paths requested in turn, each as a valid upgrade and from a page of another site */
    RefusedUpgrades(int port, List<String> paths) {
        this.port = port;
        this.requests = paths.stream()
                .flatMap(path -> List.of(upgrade(path, ""), upgrade(path, "Origin: https://evil.example\r\n")).stream())
                .toList();
    }

    private String upgrade(String path, String more) {
        return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + more + "\r\n";
    }

    /** Sends {@code count} of them and reads every answer. */
    void send(int count) throws IOException {
        int sent = 0;
        while (sent < count) {
            try (var socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout(60_000);
                socket.setTcpNoDelay(true);
                var in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
                boolean open = true;
                while (open && sent < count) {
                    int these = Math.min(CONCURRENT, count - sent);
                    var text = new StringBuilder();
                    for (int i = 0; i < these; i++) {
                        text.append(requests.get((sent + i) % requests.size()));
                    }
                    socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.US_ASCII));
                    for (int i = 0; i < these && open; i++) {
                        open = answer(in);
                        sent++;
                    }
                }
            }
        }
    }

    /** Headers {@code Set-Cookie} among all answers. */
    long cookies() {
        return cookies;
    }

    /** The received status codes. */
    Set<Integer> statuses() {
        return Set.copyOf(statuses);
    }

    /** Reads one answer; whether the connection stays open. */
    private boolean answer(InputStream in) throws IOException {
        var status = line(in);
        statuses.add(Integer.parseInt(status.split(" ")[1]));
        int length = 0;
        boolean open = true;
        for (var header = line(in); !header.isEmpty(); header = line(in)) {
            var lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("set-cookie:")) {
                cookies++;
            } else if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            } else if (lower.startsWith("connection:")) {
                open = !lower.contains("close");
            }
        }
        in.skipNBytes(length);
        return open;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the listener closed the connection within an answer: " + line);
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /**
     * Memory and threads of this process.
     *
     * @param heapBytes reachable objects
     * @param threads platform threads
     */
    record Footprint(long heapBytes, int threads) {
        /** Collects garbage first. */
        static Footprint now() {
            System.gc();
            return new Footprint(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    ManagementFactory.getThreadMXBean().getThreadCount());
        }

        /** Fails when this exceeds {@code before} by more than a warm program varies. */
        void assertNotAbove(Footprint before) {
            assertThat(heapBytes).as("bytes of heap in use").isLessThan(before.heapBytes() + HEAP_SLACK_BYTES);
            assertThat(threads).as("threads").isLessThanOrEqualTo(before.threads() + THREAD_SLACK);
        }
    }
}
