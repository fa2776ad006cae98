package kr.kisgateway.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The wire between gateway and broker: what passes is read, and parts of requests and answers are replaced by others of the
 * same length.
 */
final class BrokerTap implements AutoCloseable {
    private static final Pattern SECRET = Pattern.compile("\"(?:access_token|approval_key)\":\"([^\"]+)\"");

    private final URI broker;
    private final ServerSocket server;
    private final UnaryOperator<String> requests;
    private final UnaryOperator<String> answers;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Set<String> secrets = ConcurrentHashMap.newKeySet();
    private volatile boolean changed;

    /**
     * @param requests changes a piece of what the gateway sends, in ISO 8859-1; its length stays
     * @param answers the same of what the broker sends
     */
    BrokerTap(URI broker, UnaryOperator<String> requests, UnaryOperator<String> answers) {
        this.broker = broker;
        this.requests = requests;
        this.answers = answers;
        try {
            this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** Tokens and approval keys that the broker issued. */
    Set<String> secrets() {
        return secrets.stream().collect(Collectors.toUnmodifiableSet());
    }

    /** Whether an answer was changed. */
    boolean hasChanged() {
        return changed;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket from = server.accept();
                Socket to = new Socket(broker.getHost(), broker.getPort());
                sockets.addAll(List.of(from, to));
                Thread.ofVirtual().start(() -> copy(from, to, requests));
                Thread.ofVirtual().start(() -> copy(to, from, this::answer));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private String answer(String piece) {
        SECRET.matcher(piece).results().forEach(found -> secrets.add(found.group(1)));
        String after = answers.apply(piece);
        changed |= !after.equals(piece);
        return after;
    }

    private static void copy(Socket from, Socket to, UnaryOperator<String> change) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[1 << 20];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(change.apply(new String(buffer, 0, read, StandardCharsets.ISO_8859_1))
                        .getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            // One side has closed; the other is closed, too.
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (var socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
