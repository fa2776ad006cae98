package kr.kisgateway.simulator.server;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import kr.kisgateway.edge.SocketOutbox;
import kr.kisgateway.simulator.replay.RecordingWriter;
import kr.kisgateway.wire.NoticeKey;

/**
 * The open WebSockets. Each has its own outbox, which writes frames one by one, as KIS does, so the desk never waits for a
 * socket. An outbox that overflows closes its session and is counted.
 */
final class SocketHub {
    /** The most frames queued for one slow reader. */
    static final int QUEUE_CAPACITY = 4_096;

    /** The most WebSockets open at once; the next upgrade is refused. */
    private static final int MAX_SOCKETS = 1_000;

    private final Map<Long, SocketOutbox> connections = new ConcurrentHashMap<>();
    /** Sessions whose end is recorded. */
    private final Set<Long> ended = ConcurrentHashMap.newKeySet();

    private final Optional<RecordingWriter> recording;
    private final AtomicLong ids = new AtomicLong();
    private final AtomicLong overflows = new AtomicLong();
    private final AtomicLong framesSent = new AtomicLong();

    SocketHub(Optional<RecordingWriter> recording) {
        this.recording = recording;
    }

    /** The endpoint of one new WebSocket; {@code key} is for its notices. */
    SocketEndpoint endpoint(CoreRunner runner, NoticeKey key) {
        return new SocketEndpoint(this, runner, ids.incrementAndGet(), key);
    }

    boolean isFull() {
        return connections.size() >= MAX_SOCKETS;
    }

    /** Registers a WebSocket that has opened. */
    void opened(long id, SocketOutbox outbox) {
        connections.put(id, outbox);
        recording.ifPresent(r -> r.sessionOpened(id));
    }

    /** Records what leaves a WebSocket. */
    SocketOutbox.Observer observer(long id) {
        return new SocketOutbox.Observer() {
            @Override
            public void writing(String text) {
                recording.ifPresent(r -> r.messageReceived(id, text));
                framesSent.incrementAndGet();
            }

            @Override
            public void closing(int code) {
                ended(id, true, code);
            }
        };
    }

    /** Records a client's text. */
    void recordReceived(long id, String text) {
        recording.ifPresent(r -> r.messageSent(id, text));
    }

    private void ended(long id, boolean byBroker, int code) {
        if (ended.add(id)) {
            recording.ifPresent(r -> r.sessionEnded(id, byBroker, code));
        }
    }

    /** Removes a closed WebSocket. */
    void remove(long id, int code) {
        if (connections.remove(id) != null) {
            ended(id, false, code);
        }
        ended.remove(id);
    }

    void send(long id, String text) {
        Optional.ofNullable(connections.get(id))
                .filter(outbox -> !outbox.send(text))
                .ifPresent(_ -> overflows.incrementAndGet());
    }

    void close(long id, int code, String reason) {
        Optional.ofNullable(connections.get(id))
                .filter(outbox -> !outbox.close(code, reason))
                .ifPresent(_ -> overflows.incrementAndGet());
    }

    void drop(long id) {
        Optional.ofNullable(connections.get(id)).ifPresent(outbox -> {
            ended(id, true, 1006);
            outbox.drop();
        });
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
}
