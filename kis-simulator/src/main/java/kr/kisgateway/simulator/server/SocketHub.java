package kr.kisgateway.simulator.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import kr.kisgateway.simulator.replay.RecordingWriter;
import kr.kisgateway.wire.NoticeKey;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.common.WebSocketSession;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * The open WebSockets. Each has a bounded queue and one virtual thread that sends its frames one by one, as KIS does, so
 * the desk never waits for a socket. A queue that overflows closes its session and is counted.
 */
final class SocketHub {
    /** The most frames queued for one slow reader. */
    private static final int QUEUE_CAPACITY = 4_096;

    /** Frames that share a write. */
    private static final int MAX_BATCH = 64;

    /** The most WebSockets open at once; the next upgrade is refused. */
    private static final int MAX_SOCKETS = 1_000;

    private final Map<Long, Connection> connections = new ConcurrentHashMap<>();
    private final Optional<RecordingWriter> recording;
    private final AtomicLong ids = new AtomicLong();
    private final AtomicLong overflows = new AtomicLong();
    private final AtomicLong framesSent = new AtomicLong();

    SocketHub(Optional<RecordingWriter> recording) {
        this.recording = recording;
    }

    private sealed interface Outgoing {
        record Text(String text) implements Outgoing {}

        record Close(int code, String reason) implements Outgoing {}
    }

    private static final class Connection {
        final Session session;
        final BlockingQueue<Outgoing> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
        final AtomicBoolean ended = new AtomicBoolean();
        volatile Optional<Thread> sender = Optional.empty();

        Connection(Session session) {
            this.session = session;
        }
    }

    /** The endpoint of one new WebSocket; {@code key} is for its notices. */
    SocketEndpoint endpoint(CoreRunner runner, NoticeKey key) {
        return new SocketEndpoint(this, runner, ids.incrementAndGet(), key);
    }

    boolean isFull() {
        return connections.size() >= MAX_SOCKETS;
    }

    /** Registers a WebSocket that has opened. */
    void opened(long id, Session session) {
        Connection connection = new Connection(session);
        connections.put(id, connection);
        recording.ifPresent(r -> r.sessionOpened(id));
        connection.sender =
                Optional.of(Thread.ofVirtual().name("simulator-socket-" + id).start(() -> send(id, connection)));
    }

    /** Records a client's text. */
    void recordReceived(long id, String text) {
        recording.ifPresent(r -> r.messageSent(id, text));
    }

    private void ended(long id, Connection connection, boolean byBroker, int code) {
        if (connection.ended.compareAndSet(false, true)) {
            recording.ifPresent(r -> r.sessionEnded(id, byBroker, code));
        }
    }

    /** Removes a closed WebSocket. Returns whether it was still registered. */
    boolean remove(long id, int code) {
        Connection connection = connections.remove(id);
        if (connection == null) {
            return false;
        }
        ended(id, connection, false, code);
        connection.sender.ifPresent(Thread::interrupt);
        return true;
    }

    void send(long id, String text) {
        offer(id, new Outgoing.Text(text));
    }

    void close(long id, int code, String reason) {
        offer(id, new Outgoing.Close(code, reason));
    }

    void drop(long id) {
        Connection connection = connections.get(id);
        if (connection != null) {
            ended(id, connection, true, 1006);
            connection.session.disconnect();
        }
    }

    void dropAll() {
        connections.keySet().forEach(this::drop);
    }

    long overflows() {
        return overflows.get();
    }

    long framesSent() {
        return framesSent.get();
    }

    private void offer(long id, Outgoing outgoing) {
        Connection connection = connections.get(id);
        if (connection != null && !connection.queue.offer(outgoing)) {
            overflows.incrementAndGet();
            connection.queue.clear();
            connection.session.disconnect();
        }
    }

    private void send(long id, Connection connection) {
        List<Outgoing> batch = new ArrayList<>();
        try {
            while (true) {
                batch.clear();
                batch.add(connection.queue.take());
                connection.queue.drainTo(batch, MAX_BATCH - 1);
                for (int i = 0; i < batch.size(); i++) {
                    switch (batch.get(i)) {
                        case Outgoing.Text text -> {
                            recording.ifPresent(r -> r.messageReceived(id, text.text()));
                            write(connection, text.text(), i == batch.size() - 1);
                            framesSent.incrementAndGet();
                        }
                        case Outgoing.Close close -> {
                            ended(id, connection, true, close.code());
                            Callback.Completable.with(c -> connection.session.close(close.code(), close.reason(), c))
                                    .get();
                            return;
                        }
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            // The reader is gone; the close event that follows informs the desk.
            drop(id);
        }
    }

    /**
     * Each text is a frame of its own; queued ones share a write, because a write costs more than its content. A close frame
     * flushes those before it, too.
     */
    private static void write(Connection connection, String text, boolean last)
            throws InterruptedException, ExecutionException {
        CoreSession session = ((WebSocketSession) connection.session).getCoreSession();
        Frame frame = new Frame(OpCode.TEXT).setPayload(text);
        if (last) {
            org.eclipse.jetty.util.Callback.Completable.with(c -> session.sendFrame(frame, c, false))
                    .get();
        } else {
            session.sendFrame(frame, org.eclipse.jetty.util.Callback.NOOP, true);
        }
    }
}
