package kr.kisgateway.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Answers as no gateway does, by the case that a request names anywhere ({@code case-NAME}); each connection carries one
 * request.
 */
final class HostileServer implements AutoCloseable {
    private static final Pattern CASE = Pattern.compile("case-([a-z-]+)");
    private static final Pattern KEY = Pattern.compile("(?i)\r\nIdempotency-Key: (\\S+)");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: (\\d+)");
    private static final Duration PAUSE = Duration.ofMillis(100);
    /** Of slow answers: 10 seconds. */
    private static final int PAUSES = 100;
    /** Far beyond what a client and the buffers of a connection take of a frame without end. */
    private static final int BLOCKS_MAX = 64;

    private static final String BLOCK = "a".repeat(1 << 20);
    private static final String DEEP = "[".repeat(100_000) + "]".repeat(100_000);

    /** What a stream's first connection sends; each later one sends the end. */
    private static final Map<String, String> STREAMS = Map.ofEntries(
            Map.entry("number", event("5")),
            Map.entry("text", event("\"x\"")),
            Map.entry("null", event("null")),
            Map.entry("list", event("[5]")),
            Map.entry("broken", event("{\"op\"")),
            Map.entry("deep", event(DEEP)),
            Map.entry("bytes", event("{\"op\":\"\u00ff\"}")),
            Map.entry("no-epoch", event("{\"op\":\"hello\"}")),
            Map.entry("text-as-seq", event("{\"ch\":\"trades\",\"s\":\"a\",\"seq\":\"x\"}")),
            Map.entry("list-as-symbol", event("{\"ch\":\"trades\",\"s\":[],\"seq\":1}")),
            Map.entry("no-gap", event("{\"ch\":\"trades\",\"s\":\"a\",\"gap\":{},\"seq\":1}")),
            Map.entry("text-as-conflated", event("{\"ch\":\"trades\",\"s\":\"a\",\"conflated\":\"x\",\"seq\":1}")),
            Map.entry("id-of-two-lines", "id: A1:1\rX: y\n" + event("{\"op\":\"a\"}")),
            Map.entry("crlf", "data: {\"op\":\"a\"}\r\n\r\n" + event("{\"op\":\"end\"}")),
            Map.entry(
                    "backwards",
                    Stream.of(5, 3, 6, 8).map(HostileServer::trade).reduce("", String::concat)
                            + event("{\"op\":\"end\"}")));

    private final ServerSocket server;
    private final Map<String, Integer> attempts = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> keys = new ConcurrentHashMap<>();
    private final List<String> stolen = new CopyOnWriteArrayList<>();
    private final List<String> unbounded = new CopyOnWriteArrayList<>();

    HostileServer() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    int attempts(String name) {
        return attempts.getOrDefault(name, 0);
    }

    /** Idempotency keys that the requests of the case had. */
    Set<String> keys(String name) {
        return keys.getOrDefault(name, Set.of());
    }

    /** Requests that followed a redirection. */
    List<String> stolen() {
        return stolen;
    }

    /** Cases of which a client read on without bound. */
    List<String> unbounded() {
        return unbounded;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                var in = new BufferedInputStream(client.getInputStream());
                var out = client.getOutputStream()) {
            var request = request(in);
            if (request.contains(" /stolen")) {
                stolen.add(request);
            }
            var named = CASE.matcher(request);
            var name = named.find() ? named.group(1) : "none";
            KEY.matcher(request)
                    .results()
                    .forEach(key -> keys.computeIfAbsent(name, _ -> ConcurrentHashMap.newKeySet())
                            .add(key.group(1)));
            answer(name, attempts.merge(name, 1, Integer::sum), in, out);
        } catch (IOException e) {
            // the client has ended it
        }
    }

    private static String request(InputStream in) throws IOException {
        var text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return text.toString();
            }
            text.append((char) next);
        }
        Matcher length = LENGTH.matcher(text);
        return length.find()
                ? text + new String(in.readNBytes(Integer.parseInt(length.group(1))), ISO_8859_1)
                : text.toString();
    }

    private void answer(String name, int attempt, InputStream in, OutputStream out) throws IOException {
        switch (name) {
            case "unreadable" -> send(out, unreadable(attempt));
            case "never" -> send(out, head(200, "") + "null");
            case "lost" -> send(out, attempt == 1 ? "" : head(429, "") + "{\"code\":\"ORDER_RATE_LIMIT\"}");
            case "redirected" -> send(out, redirected(attempt));
            case "slow" -> {
                send(out, head(200, ""));
                drip(out, " ");
            }
            case "heartbeats" -> {
                send(out, head(200, ""));
                drip(out, ":\n\n");
            }
            case "line-without-end", "event-without-end" -> endless(name, attempt, out);
            case "line-of-number" -> send(out, head(200, "") + "5\n{\"stats\":{}}\n");
            case "line-of-deep" -> send(out, head(200, "") + DEEP + "\n{\"stats\":{}}\n");
            default -> stream(STREAMS.getOrDefault(name, ""), attempt, in, out);
        }
    }

    /** Three answers that are none, then the right one. */
    private static String unreadable(int attempt) {
        return switch (attempt) {
            case 1 -> head(200, "") + "{\"order_id\":";
            case 2 -> head(200, "Content-Length: 100\r\n") + "{\"order_id\":\"O-1\"}";
            case 3 -> head(404, "") + "<html>";
            default -> head(200, "") + "{\"order_id\":\"O-1\"}";
        };
    }

    private String redirected(int attempt) {
        // The third request is that of the stream, which connects again.
        return attempt > 3
                ? head(200, "") + event("{\"op\":\"end\"}")
                : head(307, "Location: " + url() + "/stolen\r\n") + "{}";
    }

    /** Until the client ends it: what it should end by itself stays open. */
    private static void stream(String events, int attempt, InputStream in, OutputStream out) throws IOException {
        send(out, head(200, "") + (attempt == 1 ? events : event("{\"op\":\"end\"}")));
        while (in.read() >= 0) {
            // it sends nothing
        }
    }

    private void endless(String name, int attempt, OutputStream out) throws IOException {
        if (attempt > 1) {
            send(out, head(200, "") + event("{\"op\":\"end\"}"));
            return;
        }
        var block = name.startsWith("line") ? BLOCK : "data: " + BLOCK + "\n";
        send(out, head(200, "") + "data: ");
        for (int i = 0; i < BLOCKS_MAX; i++) {
            send(out, block);
        }
        unbounded.add(name);
    }

    private static void drip(OutputStream out, String part) throws IOException {
        for (int i = 0; i < PAUSES; i++) {
            send(out, part);
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static String head(int status, String more) {
        return "HTTP/1.1 " + status + " -\r\nConnection: close\r\n" + more + "\r\n";
    }

    private static String event(String data) {
        return "data: " + data + "\n\n";
    }

    private static String trade(int seq) {
        return event("{\"ch\":\"trades\",\"s\":\"a\",\"seq\":" + seq + "}");
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
