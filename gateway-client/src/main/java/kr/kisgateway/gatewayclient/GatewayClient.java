package kr.kisgateway.gatewayclient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import kr.kisgateway.api.batch.BatchStats;
import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.call.BatchCall;
import kr.kisgateway.api.error.ApiError;
import kr.kisgateway.api.json.ApiJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Sends requests to one gateway and returns its answers. Safe to share between threads.
 *
 * <p>{@link #send(ApiCall)} sends a call of the classes {@code …Calls} of gateway-api and returns its record or the refusal.
 * A call that places an order is never repeated by this class: the caller repeats it, with the same idempotency key.
 *
 * <p>The raw methods ({@link #get}, {@link #post}, {@link #send(String, String, Optional, Map)}) send any text, for tests
 * that send what the gateway must refuse; their answer is not read.
 */
public final class GatewayClient implements AutoCloseable {
    /** More than any answer of the gateway needs; a longer one is refused instead of filling the heap. */
    private static final long LONGEST_ANSWER_BYTES = 64L << 20;

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    private final URI base;
    private final Duration limit;
    private final Map<String, String> identity;
    private final Optional<String> operatorToken;
    private final Optional<SSLContext> sslContext;
    private final HttpClient http;

    private GatewayClient(
            URI base,
            Duration limit,
            Map<String, String> identity,
            Optional<String> operatorToken,
            Optional<SSLContext> sslContext) {
        this.base = base;
        this.limit = limit;
        this.identity = identity;
        this.operatorToken = operatorToken;
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
        return new GatewayClient(base, limit, Map.of(), Optional.empty(), Optional.empty());
    }

    /** A client as this one that sends {@code apiKey} with every request. This one must still be closed. */
    public GatewayClient withKey(String apiKey) {
        return new GatewayClient(base, limit, Map.of("Authorization", "Bearer " + apiKey), operatorToken, sslContext);
    }

    /**
     * A client as this one that sends {@code token} ({@code GATEWAY_OPERATOR_TOKEN}) with each typed call that changes
     * something or is for operators. This one must still be closed.
     */
    public GatewayClient withOperatorToken(String token) {
        return new GatewayClient(base, limit, identity, Optional.of(token), sslContext);
    }

    /** A client as this one that trusts {@code context} where the gateway's URL is https. This one must still be closed. */
    public GatewayClient trusting(SSLContext context) {
        return new GatewayClient(base, limit, identity, operatorToken, Optional.of(context));
    }

    /** A client of the gateway on this machine that listens on {@code port}. */
    public static GatewayClient onPort(int port) {
        return at(URI.create("http://127.0.0.1:" + port));
    }

    /**
     * Sends a call and returns its answer or its refusal.
     *
     * @throws GatewayException when no complete answer arrived in time
     * @throws UnreadableAnswerException when the answer is not one of a gateway
     */
    public <A> ApiResult<A> send(ApiCall<A> call) {
        var headers = new HashMap<String, String>();
        call.idempotencyKey().ifPresent(key -> headers.put("Idempotency-Key", key));
        if (call.operator()) {
            operatorToken.ifPresent(token -> headers.put("X-Operator-Token", token));
        }
        Received received = exchange(call.method().name(), call.path(), call.body(), headers);
        boolean isAnswer = received.ok()
                || call.alsoAnswers().isPresent() && call.alsoAnswers().getAsInt() == received.status();
        return isAnswer
                ? new ApiResult.Done<>(readable(received, call.path(), call.reader(), true), received)
                : refused(received, call.path());
    }

    private <A> ApiResult<A> refused(Received received, String path) {
        var error = readable(received, path, text -> ApiJson.read(text, ApiError.class), false);
        if (Objects.requireNonNullElse(error.code(), "").isEmpty()) throw unreadable(received, path);
        return new ApiResult.Refused<>(error, received);
    }

    /** @param isAnswer whether every value must be there; of a refusal the code suffices */
    private <T> T readable(Received received, String path, Function<String, T> reader, boolean isAnswer) {
        // Jackson reads "null" as no value.
        try {
            return Optional.ofNullable(reader.apply(received.text()))
                    .filter(value -> !isAnswer || isComplete(value))
                    .orElseThrow(() -> unreadable(received, path));
        } catch (JacksonException notItsForm) {
            throw unreadable(received, path);
        }
    }

    /** Whether every record in it has all its values; JSON of another program has others. */
    private static boolean isComplete(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Record answer ->
                Arrays.stream(answer.getClass().getRecordComponents())
                        .allMatch(component -> isComplete(valueOf(component, answer)));
            case Optional<?> optional -> optional.isEmpty() || isComplete(optional.get());
            case Collection<?> entries -> entries.stream().allMatch(GatewayClient::isComplete);
            // A map may be JSON of no fixed form, where null is a value.
            case Map<?, ?> entries -> entries.values().stream().allMatch(entry -> entry == null || isComplete(entry));
            default -> true;
        };
    }

    private static @Nullable Object valueOf(RecordComponent component, Object answer) {
        try {
            return component.getAccessor().invoke(answer);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private UnreadableAnswerException unreadable(Received received, String path) {
        return new UnreadableAnswerException(
                base.resolve(path) + " answered HTTP " + received.status() + " in a form that no gateway has",
                received.status());
    }

    /** Raw: the answer to a GET of {@code path} (query included). */
    public Answer get(String path) {
        return send("GET", path, Optional.empty(), Map.of());
    }

    /** Raw: the answer to a POST of {@code json} to {@code path}. */
    public Answer post(String path, String json) {
        return send("POST", path, Optional.of(json), Map.of());
    }

    /** Raw: the answer to a POST of {@code json} to {@code path} under an idempotency key. */
    public Answer post(String path, String json, String idempotencyKey) {
        return send("POST", path, Optional.of(json), Map.of("Idempotency-Key", idempotencyKey));
    }

    /**
     * Requests many symbols and passes each line of the answer to {@code listener} as it arrives. The time limit applies
     * to the first line; a batch may last for as long as its first line announces.
     *
     * @return the figures of the complete batch, or the refusal of it
     * @throws GatewayException when the answer ends without its last line
     */
    public <V> ApiResult<BatchStats.Stats> batch(BatchCall<V> call, BatchListener<V> listener) {
        var path = call.path();
        var request = request("POST", path, Optional.of(call.body()), Map.of());
        try {
            var response = http.send(request, BodyHandlers.ofLines());
            try (var lines = response.body()) {
                if (response.statusCode() / 100 != 2) {
                    return refused(received(response, lines.collect(Collectors.joining("\n"))), path);
                }
                var received = received(response, new BatchReader<>(listener, call.reader()).read(lines.iterator()));
                var last = readable(received, path, text -> ApiJson.read(text, BatchStats.class), true);
                return new ApiResult.Done<>(last.stats(), received);
            }
        } catch (IOException | UncheckedIOException | JacksonException e) {
            throw new GatewayException("POST " + base.resolve(path) + " got no complete answer: " + e, e);
        } catch (InterruptedException e) {
            throw GatewayException.interrupted("waiting for POST " + path, e);
        }
    }

    /**
     * Raw: the answer to any request. A body is sent as {@code application/json} unless {@code headers} has another type.
     *
     * @throws GatewayException when no complete answer arrived in time
     */
    public Answer send(String method, String path, Optional<String> body, Map<String, String> headers) {
        var received = exchange(method, path, body, headers);
        return new Answer(received.status(), received.headers(), json(received.text()), received.text());
    }

    /**
     * Raw: the answer to any request, line by line as it arrives, which may take as long as the gateway has something to answer.
     *
     * @param more takes a line; false ends the answer
     * @return the answer without its text
     * @throws GatewayException when the answer did not begin in time, or ends before it is complete
     */
    public Received lines(
            String method, String path, Optional<String> body, Map<String, String> headers, Predicate<String> more) {
        try {
            var response = http.send(request(method, path, body, headers), BodyHandlers.ofLines());
            try (var lines = response.body()) {
                // Closing the lines before their end closes the connection.
                lines.takeWhile(more).forEach(_ -> {});
            }
            return received(response, "");
        } catch (IOException | UncheckedIOException e) {
            throw new GatewayException(method + " " + base.resolve(path) + " got no complete answer: " + e, e);
        } catch (InterruptedException e) {
            throw GatewayException.interrupted("waiting for " + method + " " + path, e);
        }
    }

    private Received exchange(String method, String path, Optional<String> body, Map<String, String> headers) {
        try {
            var response = http.send(
                    request(method, path, body, headers),
                    BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST_ANSWER_BYTES));
            return received(response, response.body());
        } catch (IOException e) {
            throw new GatewayException(method + " " + base.resolve(path) + " got no answer: " + e, e);
        } catch (InterruptedException e) {
            throw GatewayException.interrupted("waiting for " + method + " " + path, e);
        }
    }

    private HttpRequest request(String method, String path, Optional<String> body, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(limit)
                .method(method, body.map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody));
        if (body.isPresent()) request.setHeader("Content-Type", "application/json");
        identity.forEach(request::setHeader);
        headers.forEach(request::setHeader);
        return request.build();
    }

    private static Received received(HttpResponse<?> response, String text) {
        return new Received(response.statusCode(), response.headers(), text);
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

    static JsonNode json(String text) {
        try {
            return text.isBlank() ? MissingNode.getInstance() : ApiJson.tree(text);
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
