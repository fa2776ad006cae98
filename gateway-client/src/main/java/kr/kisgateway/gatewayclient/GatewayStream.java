package kr.kisgateway.gatewayclient;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.stream.StreamCalls;
import kr.kisgateway.api.stream.StreamMessage;
import kr.kisgateway.api.stream.StreamRequest;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.framing.PongFrame;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.protocols.Protocol;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One connection to {@code /v1/stream}: buffers the gateway's messages and returns those that a caller waits for.
 *
 * <p>The gateway may join several messages into one array; here they are separate again, in their order. At most
 * {@value #BUFFERED_MAX} messages are buffered: beyond that the oldest is dropped and counted. {@link #pause()} stops
 * reading from the socket, as a slow reader would. Messages are records where a kind is awaited ({@link #await(Class,
 * Predicate, Duration)}) and JSON otherwise, which also shows what this version does not know.
 */
public final class GatewayStream implements AutoCloseable {
    /** The protocol's name on the socket. */
    public static final String SUBPROTOCOL = "kis-gateway.v1";

    static final int BUFFERED_MAX = 100_000;
    /** Maximum messages that wait to be sent. */
    static final int QUEUED_MAX = 1_000;

    static final int SEND_TIMEOUT_SECONDS = 5;
    /** More than the gateway puts into one message; a longer one closes the connection instead of filling the heap. */
    private static final int LONGEST_MESSAGE_BYTES = 64 << 20;

    private static final long POLL_NANOS = 200_000;
    private static final String CLOSED_MESSAGE = "The stream is closed; the last messages may not have been sent";
    private static final int LISTED = 20;
    private static final int LISTED_CHARS = 300;

    /** How the connection ended: the gateway's close code and reason, or 1006 when it broke without a close frame. */
    public record Closed(int code, String reason) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeMap<Long, JsonNode> unclaimed = new TreeMap<>(); // by order of arrival
    private long arrived;
    private long dropped;
    private boolean paused;
    private Optional<Closed> closed = Optional.empty();
    private @Nullable Reader socket;

    GatewayStream() {}

    static GatewayStream open(URI uri, Map<String, String> headers, Optional<SSLContext> sslContext, Duration limit) {
        var stream = new GatewayStream();
        var socket = stream.new Reader(uri, headers, Math.toIntExact(limit.toMillis()));
        if ("wss".equals(uri.getScheme())) {
            sslContext.ifPresent(context -> socket.setSocketFactory(context.getSocketFactory()));
        }
        stream.socket = socket;
        try {
            socket.connect();
            // Not whether it is open now: the connection may have opened and ended already.
            if (socket.settled.await(limit.toMillis(), TimeUnit.MILLISECONDS) && socket.opened) return stream;
        } catch (InterruptedException e) {
            socket.abort();
            throw GatewayException.interrupted("opening " + uri, e);
        }
        socket.abort();
        throw new GatewayException("No stream at " + uri + ": " + stream.failureReason(limit));
    }

    private String failureReason(Duration limit) {
        lock.lock();
        try {
            return closed.map(Closed::reason)
                    .filter(reason -> !reason.isEmpty())
                    .orElse("not open within " + limit);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Queues one message. Messages are sent in order, on a thread of the connection's own; {@link #flush} waits until
     * they are sent.
     *
     * @throws GatewayException when the stream is closed, or when {@value #QUEUED_MAX} messages wait and the gateway
     *     reads none of them for {@value #SEND_TIMEOUT_SECONDS} s; the message was not sent then
     */
    public GatewayStream send(String json) {
        var connection = open();
        if (!connection.awaitQueued(QUEUED_MAX - 1, Duration.ofSeconds(SEND_TIMEOUT_SECONDS))) {
            throw new GatewayException("Not sent: " + truncate(json) + ": the gateway does not read and " + QUEUED_MAX
                    + " messages wait already");
        }
        try {
            connection.send(json);
            return this;
        } catch (WebsocketNotConnectedException e) {
            throw new GatewayException("The stream did not accept " + truncate(json) + ": it is closed", e);
        }
    }

    /** Queues a request; the reply is a {@code StreamAck}, {@code StreamError} or {@code StreamResumed} with its id. */
    public GatewayStream send(StreamRequest request) {
        return send(ApiJson.text(request));
    }

    /**
     * Waits until everything sent so far has left this process; a {@link #close()} after it loses nothing.
     *
     * @throws GatewayException when it was not sent within {@code limit}, or the stream is closed
     */
    public GatewayStream flush(Duration limit) {
        var connection = open();
        try {
            // Frames are written in order: once this one was taken from the queue, those before it were written.
            connection.sendFrame(new PongFrame());
        } catch (WebsocketNotConnectedException e) {
            throw new GatewayException(CLOSED_MESSAGE, e);
        }
        if (!connection.awaitQueued(0, limit)) {
            throw new GatewayException("The gateway did not read within " + limit + " what was sent to the stream");
        }
        if (!connection.isOpen()) throw new GatewayException(CLOSED_MESSAGE);
        return this;
    }

    private static String truncate(String json) {
        return json.length() <= LISTED_CHARS ? json : json.substring(0, LISTED_CHARS) + "…";
    }

    /**
     * The oldest message that {@code condition} accepts and no earlier call returned; waits for it.
     *
     * @param description names the message in the failure, as in "the ack of subscription 1"
     * @throws GatewayException when none arrived within {@code limit} or the stream closed first; lists the messages
     *     that arrived instead
     */
    public JsonNode await(String description, Predicate<JsonNode> condition, Duration limit) {
        lock.lock();
        try {
            long left = limit.toNanos();
            long lastChecked = -1;
            while (true) {
                for (var message : unclaimed.tailMap(lastChecked, false).entrySet()) {
                    // Read before the removal: afterwards the tree may have put its neighbour into this entry.
                    var value = message.getValue();
                    if (condition.test(value)) {
                        unclaimed.remove(message.getKey());
                        return value;
                    }
                }
                lastChecked = arrived - 1;
                if (closed.isPresent() || left <= 0) throw awaitFailure(description, limit);
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw GatewayException.interrupted("waiting for " + description, e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The oldest message of a kind that {@code condition} accepts and no earlier call returned; waits for it.
     *
     * @throws GatewayException as {@link #await(String, Predicate, Duration)}
     */
    public <M extends StreamMessage> M await(Class<M> kind, Predicate<M> condition, Duration limit) {
        Function<JsonNode, Optional<M>> read =
                json -> StreamCalls.read(json).filter(kind::isInstance).map(kind::cast);
        var found = await(
                "a " + kind.getSimpleName(),
                json -> read.apply(json).filter(condition).isPresent(),
                limit);
        return read.apply(found).orElseThrow();
    }

    /** How the connection ended; waits for its end. */
    public Closed awaitClosed(Duration limit) {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (closed.isEmpty()) {
                if (left <= 0) throw awaitFailure("the end of the stream", limit);
                left = changed.awaitNanos(left);
            }
            return closed.get();
        } catch (InterruptedException e) {
            throw GatewayException.interrupted("waiting for the end of the stream", e);
        } finally {
            lock.unlock();
        }
    }

    /** The received messages that {@link #await} has not returned, oldest first. */
    public List<JsonNode> unclaimed() {
        lock.lock();
        try {
            return List.copyOf(unclaimed.values());
        } finally {
            lock.unlock();
        }
    }

    /** Number of received messages, returned and dropped ones included. */
    public long arrived() {
        lock.lock();
        try {
            return arrived;
        } finally {
            lock.unlock();
        }
    }

    /** Number of messages dropped because the buffer was full. */
    public long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Stops reading from the socket after the current frame. */
    public void pause() {
        lock.lock();
        try {
            paused = true;
        } finally {
            lock.unlock();
        }
    }

    /** Resumes reading. */
    public void resume() {
        lock.lock();
        try {
            paused = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Closes the connection at once. */
    @Override
    public void close() {
        open().abort();
    }

    private Reader open() {
        var current = socket;
        if (current == null) throw new GatewayException("The stream is not open yet");
        return current;
    }

    private GatewayException awaitFailure(String description, Duration limit) {
        var text = new StringBuilder("Waited ").append(limit).append(" for ").append(description);
        closed.ifPresent(c -> text.append("; the stream closed with ").append(c));
        text.append("; ")
                .append(arrived)
                .append(" messages received, ")
                .append(dropped)
                .append(" dropped");
        if (!unclaimed.isEmpty()) text.append(", the last unread:");
        var first = Math.max(0, unclaimed.size() - LISTED);
        unclaimed.values().stream()
                .skip(first)
                .map(JsonNode::toString)
                .forEach(m -> text.append("\n  ").append(m, 0, Math.min(m.length(), LISTED_CHARS)));
        return new GatewayException(text.toString());
    }

    void receive(String frame) {
        var json = GatewayClient.json(frame);
        lock.lock();
        try {
            if (json.isArray()) json.forEach(this::buffer);
            else buffer(json.isMissingNode() ? tools.jackson.databind.node.StringNode.valueOf(frame) : json);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void buffer(JsonNode message) {
        unclaimed.put(arrived++, message);
        if (unclaimed.size() > BUFFERED_MAX) {
            unclaimed.pollFirstEntry();
            dropped++;
        }
    }

    void recordEnd(int code, String reason) {
        lock.lock();
        try {
            if (closed.isEmpty()) closed = Optional.of(new Closed(code, reason));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** On the thread that reads from the socket, which therefore stops reading meanwhile. */
    private void awaitResumed() {
        lock.lock();
        try {
            while (paused && closed.isEmpty()) changed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private final class Reader extends WebSocketClient {
        private final CountDownLatch settled = new CountDownLatch(1);
        private volatile boolean opened;

        Reader(URI uri, Map<String, String> headers, int limitMs) {
            super(
                    uri,
                    new Draft_6455(List.of(), List.of(new Protocol(SUBPROTOCOL)), LONGEST_MESSAGE_BYTES),
                    headers,
                    limitMs);
            setDaemon(true);
            setTcpNoDelay(true);
            // The gateway sends pings itself; a second timer would close connections that it considers alive.
            setConnectionLostTimeout(0);
        }

        /**
         * Waits until at most {@code max} frames wait to be sent, or the end of the stream; false when {@code limit}
         * passed.
         */
        boolean awaitQueued(int max, Duration limit) {
            var queue = ((WebSocketImpl) getConnection()).outQueue;
            long end = System.nanoTime() + limit.toNanos();
            while (queue.size() > max && isOpen()) {
                if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) return false;
                LockSupport.parkNanos(POLL_NANOS); // the library does not report a sent frame
            }
            return true;
        }

        /** Without a close frame. */
        void abort() {
            recordEnd(1006, "cut off here");
            closeConnection(1006, "cut off here");
            var connection = getSocket();
            try {
                // Otherwise TLS sends a close notify, and waits for a peer that may read nothing.
                if (connection instanceof SSLSocket encrypted) encrypted.setSoLinger(true, 0);
                if (connection != null) connection.close();
            } catch (IOException e) {
                if (connection != null && connection.isClosed()) {
                    return; // by the other side or the library, meanwhile
                }
                throw new GatewayException("The stream's socket cannot be closed: " + e.getMessage(), e);
            }
        }

        @Override
        public void onOpen(ServerHandshake handshake) {
            opened = true;
            settled.countDown();
        }

        @Override
        public void onMessage(String message) {
            receive(message);
            awaitResumed();
        }

        @Override
        public void onClose(int code, String reason, boolean remote) {
            recordEnd(code < 0 ? 1006 : code, reason);
            settled.countDown();
        }

        @Override
        public void onError(Exception error) {
            // Before the connection is open nothing else has the cause; afterwards a close event follows that has it.
            if (!isOpen() && !isClosing()) recordEnd(1006, String.valueOf(error));
        }
    }
}
