package kr.kisgateway.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A proxy to a gateway that loses the next answers: the gateway has carried out the request, and the caller gets no
 * answer.
 */
final class LossyProxy implements AutoCloseable {
    private static final List<String> FORWARDED_HEADERS =
            List.of("Idempotency-Key", "X-Operator-Token", "Content-Type");

    /** The idempotency key of each received request, in order. */
    final List<String> keys = new CopyOnWriteArrayList<>();

    /** The operator's token of each. */
    final List<String> tokens = new CopyOnWriteArrayList<>();

    private final Predicate<String> requestsToLose;
    private final AtomicInteger answersToLose;
    private final URI gateway;
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server;

    private LossyProxy(URI gateway, Predicate<String> requestsToLose, int answersToLose) throws IOException {
        this.gateway = gateway;
        this.requestsToLose = requestsToLose;
        this.answersToLose = new AtomicInteger(answersToLose);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::forward);
        server.start();
    }

    static LossyProxy to(URI gateway, int answersToLose) throws IOException {
        return new LossyProxy(gateway, request -> true, answersToLose);
    }

    /** @param requests those whose answers it loses: method, path and body with blanks between */
    static LossyProxy losing(URI gateway, Predicate<String> requests, int answersToLose) throws IOException {
        return new LossyProxy(gateway, requests, answersToLose);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void forward(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            var request = HttpRequest.newBuilder(
                            gateway.resolve(exchange.getRequestURI().toString()))
                    .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
            for (String name : FORWARDED_HEADERS) {
                var value = exchange.getRequestHeaders().getFirst(name);
                if (value != null) {
                    request.header(name, value);
                }
            }
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")));
            tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Operator-Token")));
            var answer = client.send(request.build(), BodyHandlers.ofByteArray());
            String received = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(body, StandardCharsets.UTF_8);
            if (requestsToLose.test(received) && answersToLose.getAndDecrement() > 0) {
                return; // closed without a response
            }
            answer.headers()
                    .firstValue("Idempotent-Replay")
                    .ifPresent(v -> exchange.getResponseHeaders().add("Idempotent-Replay", v));
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        client.shutdownNow();
    }
}
