package kr.kisgateway.gatewayclient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Sends requests to one gateway and returns its answers. Safe to share between threads.
 *
 * <p>Bodies are JSON text in both directions, so that a caller can also send what the gateway must refuse. A request
 * that places an order is never repeated by this class: the caller repeats it, with the same {@code Idempotency-Key}.
 */
public final class GatewayClient implements AutoCloseable {
    /** More than any answer of the gateway needs; a longer one is refused instead of filling the heap. */
    private static final long LONGEST_ANSWER_BYTES = 64L << 20;

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI base;
    private final Duration limit;
    private final Map<String, String> identity;
    private final Optional<SSLContext> sslContext;
    private final HttpClient http;

    private GatewayClient(URI base, Duration limit, Map<String, String> identity, Optional<SSLContext> sslContext) {
        this.base = base;
        this.limit = limit;
        this.identity = identity;
        this.sslContext = sslContext;
        var builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_LIMIT);
        sslContext.ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /** A client of the gateway at {@code base}, such as {@code http://127.0.0.1:8890}, that waits 10 s for an answer. */
    public static GatewayClient at(URI base) {
        return at(base, Duration.ofSeconds(10));
    }

    /** A client of the gateway at {@code base} that waits {@code limit} for each answer. */
    public static GatewayClient at(URI base, Duration limit) {
        return new GatewayClient(base, limit, Map.of(), Optional.empty());
    }

    /** A client as this one that sends {@code apiKey} with every request. This one must still be closed. */
    public GatewayClient withKey(String apiKey) {
        return new GatewayClient(base, limit, Map.of("Authorization", "Bearer " + apiKey), sslContext);
    }

    /** A client as this one that trusts {@code context} where the gateway's URL is https. This one must still be closed. */
    public GatewayClient trusting(SSLContext context) {
        return new GatewayClient(base, limit, identity, Optional.of(context));
    }

    /** A client of the gateway on this machine that listens on {@code port}. */
    public static GatewayClient onPort(int port) {
        return at(URI.create("http://127.0.0.1:" + port));
    }

    /** The answer to a GET of {@code path} (query included). */
    public Answer get(String path) {
        return send("GET", path, Optional.empty(), Map.of());
    }

    /** The answer to a POST of {@code json} to {@code path}. */
    public Answer post(String path, String json) {
        return send("POST", path, Optional.of(json), Map.of());
    }

    /** The answer to a POST of {@code json} to {@code path} under an idempotency key. */
    public Answer post(String path, String json, String idempotencyKey) {
        return send("POST", path, Optional.of(json), Map.of("Idempotency-Key", idempotencyKey));
    }

    /**
     * Requests many symbols with one of the calls that answer line by line ({@code /v1/quotes/batch}, {@code
     * /v1/bars/batch}) and passes each line to {@code listener} as it arrives. The time limit applies to the first
     * line; a batch may last for as long as its first line announces.
     *
     * @return the answer with the last line, {@code {"stats":{…}}}, as its body; or a refusal of the complete batch
     * @throws GatewayException when the answer ends without its last line
     */
    public Answer batch(String path, String json, BatchListener listener) {
        var request = HttpRequest.newBuilder(base.resolve(path)).timeout(limit).POST(BodyPublishers.ofString(json));
        request.setHeader("Content-Type", "application/json");
        identity.forEach(request::setHeader);
        try {
            var response = http.send(request.build(), BodyHandlers.ofLines());
            try (var lines = response.body()) {
                var last = response.statusCode() / 100 == 2
                        ? new BatchReader(listener).read(lines.iterator())
                        : lines.collect(Collectors.joining("\n"));
                return new Answer(response.statusCode(), response.headers(), json(last), last);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new GatewayException("POST " + base.resolve(path) + " got no complete answer: " + e, e);
        } catch (InterruptedException e) {
            throw GatewayException.interrupted("waiting for POST " + path, e);
        }
    }

    /**
     * The answer to any request. A body is sent as {@code application/json} unless {@code headers} has another type.
     *
     * @throws GatewayException when no complete answer arrived in time
     */
    public Answer send(String method, String path, Optional<String> body, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(limit)
                .method(method, body.map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody));
        if (body.isPresent()) request.setHeader("Content-Type", "application/json");
        identity.forEach(request::setHeader);
        headers.forEach(request::setHeader);
        try {
            return answer(
                    http.send(request.build(), BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST_ANSWER_BYTES)));
        } catch (IOException e) {
            throw new GatewayException(method + " " + base.resolve(path) + " got no answer: " + e, e);
        } catch (InterruptedException e) {
            throw GatewayException.interrupted("waiting for " + method + " " + path, e);
        }
    }

    /** Opens the gateway's stream and waits until the connection is open. */
    public GatewayStream stream() {
        return stream(Map.of());
    }

    /** Opens the gateway's stream with further headers. */
    public GatewayStream stream(Map<String, String> headers) {
        var scheme = "https".equals(base.getScheme()) ? "wss" : "ws";
        var all = new HashMap<>(identity);
        all.putAll(headers);
        return GatewayStream.open(
                URI.create(scheme + "://" + base.getRawAuthority() + "/v1/stream"), all, sslContext, limit);
    }

    private static Answer answer(HttpResponse<String> response) {
        return new Answer(response.statusCode(), response.headers(), json(response.body()), response.body());
    }

    static JsonNode json(String text) {
        try {
            return text.isBlank() ? MissingNode.getInstance() : JSON.readTree(text);
        } catch (JacksonException notJson) {
            return MissingNode.getInstance(); // the answer also has the text
        }
    }

    /** Cancels running requests and closes the connections. */
    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
