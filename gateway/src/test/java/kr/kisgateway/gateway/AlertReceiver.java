package kr.kisgateway.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The receivers of alerts on this machine: one server, a path for each. It can refuse, and hold its answers back. */
public final class AlertReceiver implements AutoCloseable {
    /** What was received, and whether it was answered by 200. */
    public record Received(String path, JsonNode body, String signature, boolean accepted) {}

    private final JsonMapper mapper = new JsonMapper();
    private final HttpServer server;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger status = new AtomicInteger(200);
    private final AtomicReference<CountDownLatch> held = new AtomicReference<>(new CountDownLatch(0));

    public AlertReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        var body = mapper.readTree(exchange.getRequestBody().readAllBytes());
        var signature = exchange.getRequestHeaders()
                .getOrDefault("X-kis-gateway-signature", List.of(""))
                .getFirst();
        int answer = status.get();
        received.add(new Received(exchange.getRequestURI().getPath(), body, signature, answer == 200));
        try {
            held.get().await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    public URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** From here on every message is answered by this status. */
    void answer(int code) {
        status.set(code);
    }

    /** Reads messages and does not answer them until {@link #release}. */
    void hold() {
        held.set(new CountDownLatch(1));
    }

    void release() {
        held.getAndSet(new CountDownLatch(0)).countDown();
    }

    /** What came to a path. */
    public List<Received> of(String path) {
        return received.stream().filter(it -> it.path().equals(path)).toList();
    }

    /** What came to a path and was accepted. */
    List<Received> accepted(String path) {
        return of(path).stream().filter(Received::accepted).toList();
    }

    @Override
    public void close() {
        release();
        server.stop(0);
    }
}
