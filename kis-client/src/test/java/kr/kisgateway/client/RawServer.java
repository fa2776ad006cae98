package kr.kisgateway.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocket;

/**
 * A small server that reads HTTP requests off a bare socket and answers by each test's script. It issues tokens by
 * itself. It records every request, byte for byte.
 */
public final class RawServer implements AutoCloseable {
    /** The reaction to a complete request; the connection ends when it returns false. */
    public interface Answer {
        boolean sendTo(ReceivedRequest request, Socket socket) throws IOException;
    }

    public record ReceivedRequest(String line, List<String> headers, String body) {
        String header(String name) {
            return headers.stream()
                    .filter(it -> it.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .map(it -> it.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    static final Answer RESET = (_, socket) -> {
        socket.setSoLinger(true, 0);
        return false;
    };
    static final Answer SILENCE = (_, socket) -> socket.getInputStream().read() >= 0;

    final List<ReceivedRequest> received = new CopyOnWriteArrayList<>();
    public final Deque<Answer> script = new ArrayDeque<>();
    /** The answer to token requests. */
    volatile Answer token =
            json(200, "{\"access_token\":\"PLANTEDTOKEN\",\"token_type\":\"Bearer\",\"expires_in\":86400}");

    volatile boolean resetUnread;
    public volatile boolean closeIdle;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ServerSocket server;
    private final Semaphore ended = new Semaphore(0);
    private final String base;

    public RawServer() {
        this("http://127.0.0.1:", socket(ServerSocketFactory.getDefault()));
    }

    private RawServer(String base, ServerSocket server) {
        this.base = base;
        this.server = server;
        Thread.ofVirtual().start(this::accept);
    }

    private static ServerSocket socket(ServerSocketFactory sockets) {
        try {
            return sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server with the certificate of {@link TestTls} for its name. */
    public static RawServer encrypted() {
        return encrypted(TestTls.LOCALHOST);
    }

    /** A server with that certificate of {@link TestTls}. */
    public static RawServer encrypted(String certificate) {
        return encrypted(socket(TestTls.context(certificate).getServerSocketFactory()));
    }

    /** A server that offers these versions of TLS alone. */
    public static RawServer withProtocols(String... protocols) {
        var socket = (SSLServerSocket) socket(TestTls.context().getServerSocketFactory());
        socket.setEnabledProtocols(protocols);
        return encrypted(socket);
    }

    private static RawServer encrypted(ServerSocket socket) {
        return new RawServer("https://localhost:", socket);
    }

    public static Answer json(int status, String body) {
        return json(status, body, "");
    }

    public static Answer json(int status, String body, String moreHeaders) {
        return (_, socket) -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            String head = "HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nContent-Length: "
                    + bytes.length + "\r\n" + moreHeaders + "\r\n";
            var out = new ByteArrayOutputStream();
            out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(bytes);
            socket.getOutputStream().write(out.toByteArray());
            socket.getOutputStream().flush();
            return true;
        };
    }

    public URI address() {
        return URI.create(base + server.getLocalPort());
    }

    /** Connections so far. */
    public int connections() {
        return sockets.size();
    }

    /** Waits until every connection so far has ended. */
    public void awaitEnded() throws InterruptedException {
        int accepted = sockets.size();
        if (!ended.tryAcquire(accepted, 10, TimeUnit.SECONDS)) {
            throw new AssertionError("one of " + accepted + " connections is open");
        }
        ended.release(accepted);
    }

    /** All requests so far. */
    public List<ReceivedRequest> requests() {
        return List.copyOf(received);
    }

    /** Requests other than token requests. */
    public List<ReceivedRequest> calls() {
        return received.stream().filter(it -> !it.line().contains("/oauth2/")).toList();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                if (resetUnread) {
                    socket.setSoLinger(true, 0);
                    socket.close();
                } else {
                    Thread.ofVirtual().start(() -> serve(socket));
                }
            }
        } catch (SocketException closed) {
            // The test is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            boolean open = true;
            while (open) {
                ReceivedRequest request = read(socket.getInputStream());
                received.add(request);
                open = answer(request).sendTo(request, socket) && !closeIdle;
            }
        } catch (IOException e) {
            // The client closed the connection, or the test closed everything.
        }
        ended.release();
    }

    private Answer answer(ReceivedRequest request) {
        if (request.line().contains("/oauth2/tokenP")) {
            return token;
        }
        if (request.line().contains("/oauth2/")) {
            return json(404, "{}");
        }
        synchronized (script) {
            return script.isEmpty() ? json(404, "{}") : script.poll();
        }
    }

    private static ReceivedRequest read(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("closed");
            }
            head.append((char) c);
        }
        List<String> lines = List.of(head.toString().strip().split("\r\n"));
        var bare = new ReceivedRequest(lines.getFirst(), lines.subList(1, lines.size()), "");
        String length = bare.header("content-length");
        byte[] body = in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
        return new ReceivedRequest(bare.line(), bare.headers(), new String(body, StandardCharsets.UTF_8));
    }
}
