package kr.kisgateway.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.error.ApiError;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.stream.StreamCalls;
import kr.kisgateway.gatewayclient.Received;
import tools.jackson.databind.JsonNode;

/**
 * The messages of the stream, as Server-Sent Events. A connection that ends is opened again, and orders and executions go on after
 * the last one.
 */
final class EventFeed {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String DATA = "data: ";
    private static final String ID = "id: ";

    private final GatewayConnection gateway;
    private final String path;
    private final Consumer<Duration> pause;
    private final Consumer<String> interrupted;
    private Optional<String> lastId = Optional.empty();

    /**
     * @param venue of quotes, trades and books; empty for the main prices
     * @param interrupted takes why a connection ended that is opened again
     */
    EventFeed(
            GatewayConnection gateway,
            List<String> channels,
            List<String> symbols,
            Optional<String> venue,
            Consumer<Duration> pause,
            Consumer<String> interrupted) {
        this.gateway = gateway;
        this.path = StreamCalls.events(channels, symbols)
                + venue.map(it -> "&venue=" + ApiCall.encode(it)).orElse("");
        this.pause = pause;
        this.interrupted = interrupted;
    }

    /** Passes messages on until {@code more} is false; returns why the first connection could not be opened, or was refused. */
    Optional<Response<Received>> run(Predicate<JsonNode> more) {
        var ended = new AtomicBoolean();
        var opened = new AtomicBoolean();
        while (true) {
            var refusal = new AtomicReference<>("");
            var response = gateway.lines("GET", path, Optional.empty(), headers(), line -> {
                if (line.startsWith(DATA)) {
                    opened.set(true);
                    ended.set(!each(ApiJson.tree(line.substring(DATA.length())), more));
                } else if (line.startsWith(ID)) {
                    lastId = Optional.of(line.substring(ID.length()));
                } else if (line.startsWith("{")) {
                    refusal.set(line);
                }
                return !ended.get();
            });
            if (ended.get()) {
                return Optional.empty();
            }
            if (response instanceof Response.Done<Received>(Received received, Received _, boolean _)
                    && !received.ok()) {
                return Optional.of(new Response.Refused<>(ApiJson.read(refusal.get(), ApiError.class), received));
            }
            if (!opened.get()) {
                return Optional.of(response);
            }
            interrupted.accept(
                    response instanceof Response.NoAnswer<Received>(String reason, boolean _)
                            ? reason
                            : "the gateway closed the connection");
            pause.accept(PAUSE);
        }
    }

    private Map<String, String> headers() {
        var headers = new HashMap<>(Map.of("Accept", "text/event-stream"));
        lastId.ifPresent(id -> headers.put("Last-Event-ID", id));
        return headers;
    }

    private static boolean each(JsonNode message, Predicate<JsonNode> more) {
        return message.isArray() ? message.valueStream().allMatch(more) : more.test(message);
    }
}
