package kr.kisgateway.gatewayclient;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One connection to {@code /v1/stream}: collects what the gateway tells and hands out what a caller waits for.
 *
 * <p>The gateway may join several messages into one array; here they are apart again, in their order. At most {@value
 * #KEPT} messages are kept: beyond that the oldest is dropped and counted. {@link #pause()} stops reading from the socket,
 * which is how a slow reader looks to the gateway.
 */
public final class GatewayStream implements AutoCloseable {
    /** The protocol's name on the socket. */
    public static final String SUBPROTOCOL = "kis-gateway.v1";

    static final int KEPT = 100_000;
    private static final int LISTED = 20;
    private static final int LISTED_CHARS = 300;

    /** How the connection ended: the gateway's close code and words, or 1006 when it broke without any. */
    public record Closed(int code, String reason) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeMap<Long, JsonNode> unclaimed = new TreeMap<>(); // by order of arrival
    private long arrived;
    private long dropped;
    private boolean paused;
    private boolean owed; // a message that was not asked for because reading was paused
    private Optional<Closed> closed = Optional.empty();
    private @Nullable WebSocket socket;

    GatewayStream() {}

    static GatewayStream open(HttpClient http, URI uri, Map<String, String> headers, Duration limit) {
        var stream = new GatewayStream();
        var builder = http.newWebSocketBuilder().connectTimeout(limit).subprotocols(SUBPROTOCOL);
        headers.forEach(builder::header);
        try {
            stream.socket = builder.buildAsync(uri, stream.new Reader()).get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return stream;
        } catch (ExecutionException e) {
            throw new GatewayException("No stream at " + uri + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new GatewayException("No stream at " + uri + " within " + limit, e);
        } catch (InterruptedException e) {
            throw GatewayException.interrupted("opening " + uri, e);
        }
    }

    /** Sends one message and waits until the socket took it. */
    public GatewayStream send(String json) {
        try {
            open().sendText(json, true).get(10, TimeUnit.SECONDS);
            return this;
        } catch (ExecutionException e) {
            throw new GatewayException("The stream did not take " + json + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new GatewayException("The stream did not take " + json + " within 10 s", e);
        } catch (InterruptedException e) {
            throw GatewayException.interrupted("sending " + json, e);
        }
    }

    /**
     * The oldest message that {@code wanted} accepts and no earlier call returned; waits for it.
     *
     * @param what names the message in the failure, as in "the ack of subscription 1"
     * @throws GatewayException when none came within {@code limit} or the stream closed first; lists what came instead
     */
    public JsonNode await(String what, Predicate<JsonNode> wanted, Duration limit) {
        lock.lock();
        try {
            long left = limit.toNanos();
            long seen = -1;
            while (true) {
                for (var message : unclaimed.tailMap(seen, false).entrySet()) {
                    // Taken first: after a removal the tree may have put its neighbour into this entry.
                    var value = message.getValue();
                    if (wanted.test(value)) {
                        unclaimed.remove(message.getKey());
                        return value;
                    }
                }
                seen = arrived - 1;
                if (closed.isPresent() || left <= 0) throw missing(what, limit);
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw GatewayException.interrupted("waiting for " + what, e);
        } finally {
            lock.unlock();
        }
    }

    /** How the connection ended; waits for its end. */
    public Closed awaitClosed(Duration limit) {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (closed.isEmpty()) {
                if (left <= 0) throw missing("the end of the stream", limit);
                left = changed.awaitNanos(left);
            }
            return closed.get();
        } catch (InterruptedException e) {
            throw GatewayException.interrupted("waiting for the end of the stream", e);
        } finally {
            lock.unlock();
        }
    }

    /** The messages that came and were not handed out by {@link #await}, oldest first. */
    public List<JsonNode> unclaimed() {
        lock.lock();
        try {
            return List.copyOf(unclaimed.values());
        } finally {
            lock.unlock();
        }
    }

    /** How many messages came, handed out and dropped ones included. */
    public long arrived() {
        lock.lock();
        try {
            return arrived;
        } finally {
            lock.unlock();
        }
    }

    /** How many messages were dropped because nobody took them. */
    public long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Stops reading from the socket after the frame under way. */
    public void pause() {
        lock.lock();
        try {
            paused = true;
        } finally {
            lock.unlock();
        }
    }

    /** Reads on. */
    public void resume() {
        boolean ask;
        lock.lock();
        try {
            paused = false;
            ask = owed;
            owed = false;
        } finally {
            lock.unlock();
        }
        if (ask) open().request(1);
    }

    /** Ends the connection at once. */
    @Override
    public void close() {
        open().abort();
    }

    private WebSocket open() {
        var current = socket;
        if (current == null) throw new GatewayException("The stream is not open yet");
        return current;
    }

    private GatewayException missing(String what, Duration limit) {
        var text = new StringBuilder("Waited ").append(limit).append(" for ").append(what);
        closed.ifPresent(c -> text.append("; the stream closed with ").append(c));
        text.append("; ")
                .append(arrived)
                .append(" messages came, ")
                .append(dropped)
                .append(" dropped");
        if (!unclaimed.isEmpty()) text.append(", the last not taken:");
        var first = Math.max(0, unclaimed.size() - LISTED);
        unclaimed.values().stream()
                .skip(first)
                .map(JsonNode::toString)
                .forEach(m -> text.append("\n  ").append(m, 0, Math.min(m.length(), LISTED_CHARS)));
        return new GatewayException(text.toString());
    }

    void take(String frame) {
        var json = GatewayClient.json(frame);
        lock.lock();
        try {
            if (json.isArray()) json.forEach(this::keep);
            else keep(json.isMissingNode() ? tools.jackson.databind.node.StringNode.valueOf(frame) : json);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void keep(JsonNode message) {
        unclaimed.put(arrived++, message);
        if (unclaimed.size() > KEPT) {
            unclaimed.pollFirstEntry();
            dropped++;
        }
    }

    void ended(int code, String reason) {
        lock.lock();
        try {
            if (closed.isEmpty()) closed = Optional.of(new Closed(code, reason));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Asks for the next frame, or remembers to when reading is paused. */
    private void askOn(WebSocket from) {
        lock.lock();
        try {
            owed = paused;
            if (paused) return;
        } finally {
            lock.unlock();
        }
        from.request(1);
    }

    private final class Reader implements WebSocket.Listener {
        private final StringBuilder frame = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            frame.append(data);
            if (last) {
                take(frame.toString());
                frame.setLength(0);
            }
            askOn(from);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            ended(code, reason);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            ended(1006, String.valueOf(error));
        }
    }
}
