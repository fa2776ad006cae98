package kr.kisgateway.gateway.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.SocketHandler.SocketListener;
import kr.kisgateway.gateway.task.TaskRunner;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.common.WebSocketSession;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends WebSockets that no well-behaved peer has. It pings each one and drops one without a received byte between two
 * pings: a vanished peer does not respond, while the system would accept writes to it for a quarter of an hour. It
 * closes one that sends more frames in a second than any client needs, control frames included, which no listener sees.
 * And it drops one whose peer does not answer a close, at once if that peer continues to send. A key whose socket was closed
 * for sending too much opens no other for a few seconds.
 */
final class SocketPinger implements AutoCloseable {
    /** The close code of a peer that sends too much. */
    private static final int FLOODED = 4008;

    private static final Logger LOG = LoggerFactory.getLogger("gateway.http");
    private static final long FRAMES_PER_SECOND_MAX = 1_000;
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);
    /** Checks that a peer has to answer a close. */
    private static final int CLOSE_CHECKS = 10;

    private final Duration interval;
    private final FloodBackoff backoff = new FloodBackoff();
    private final Map<Session, Watched> sessions = new ConcurrentHashMap<>();
    private volatile List<TaskRunner.Task> tasks = List.of();

    /** One socket. Each count is written by one task. */
    private static final class Watched {
        private final SocketListener listener;
        private final String key;
        /** Bytes received up to the last ping; below 0 before the first. */
        private volatile long bytes = -1;
        /** Frames received up to the last check. */
        private volatile long frames;
        /** Checks since the close was sent. */
        private volatile int closingChecks;

        private volatile boolean closing;

        Watched(SocketListener listener, String key) {
            this.listener = listener;
            this.key = key;
        }
    }

    /** @param interval interval between pings; a vanished peer is dropped after one to two of them */
    SocketPinger(Duration interval) {
        this.interval = interval;
    }

    void start(TaskRunner runner) {
        tasks = List.of(
                runner.every("http-pulse", interval, () -> sessions.forEach(this::pingOrDrop)),
                runner.every("http-frames", CHECK_INTERVAL, () -> {
                    backoff.onSecond();
                    sessions.forEach(this::checkFrames);
                }));
    }

    /** The refusal of a further socket of {@code caller}; empty when it may open one. */
    Optional<Refusal> refusalFor(Caller caller) {
        return backoff.refusalFor(caller);
    }

    /** @param caller the peer, which may open no other socket for a while after a flood of this one */
    void add(Session session, SocketListener listener, Caller caller) {
        sessions.put(session, new Watched(listener, caller.name()));
    }

    void remove(Session session) {
        sessions.remove(session);
    }

    /** Closes with a code and reason, and drops the socket if its peer, {@code key}, does not answer. */
    void close(Session session, String key, int code, String reason) {
        if (reason.equals(SocketConnection.TOO_MANY_REQUESTS)) {
            backoff.add(key);
        }
        Optional.ofNullable(sessions.get(session)).ifPresent(watched -> watched.closing = true);
        session.close(code, reason, Callback.NOOP);
    }

    private void pingOrDrop(Session session, Watched watched) {
        var bytes = connection(session).getBytesIn();
        if (bytes == watched.bytes) {
            LOG.info("socket_vanished peer={}", session.getRemoteSocketAddress());
            watched.listener.vanished();
            session.disconnect();
            return;
        }
        watched.bytes = bytes;
        session.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
    }

    private void checkFrames(Session session, Watched watched) {
        var frames = connection(session).getMessagesIn();
        var flooding = frames - watched.frames > FRAMES_PER_SECOND_MAX;
        watched.frames = frames;
        if (watched.closing) {
            watched.closingChecks++;
            if (flooding || watched.closingChecks > CLOSE_CHECKS) {
                LOG.info("socket_close_unanswered peer={}", session.getRemoteSocketAddress());
                session.disconnect();
            }
        } else if (flooding) {
            LOG.warn("socket_flooded peer={}", session.getRemoteSocketAddress());
            close(session, watched.key, FLOODED, SocketConnection.TOO_MANY_REQUESTS);
        }
    }

    private static WebSocketConnection connection(Session session) {
        return ((WebSocketCoreSession) ((WebSocketSession) session).getCoreSession()).getConnection();
    }

    /** Ends every socket that is still open without waiting for its peer. */
    void abortAll() {
        sessions.keySet().forEach(Session::disconnect);
    }

    @Override
    public void close() {
        tasks.forEach(TaskRunner.Task::close);
    }
}
