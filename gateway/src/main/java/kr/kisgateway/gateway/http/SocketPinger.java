package kr.kisgateway.gateway.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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
 * And it drops one whose peer does not answer a close, at once if that peer continues to send.
 */
final class SocketPinger implements AutoCloseable {
    /** The close code of a peer that sends too much. */
    static final int TOO_MANY_REQUESTS = 4008;

    private static final Logger LOG = LoggerFactory.getLogger("gateway.http");
    private static final long FRAMES_PER_SECOND_MAX = 1_000;
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);
    /** Checks that a peer has to answer a close. */
    private static final int CLOSE_CHECKS = 10;

    private final Duration interval;
    private final Map<Session, Watched> sessions = new ConcurrentHashMap<>();
    private volatile List<TaskRunner.Task> tasks = List.of();

    /** One socket. Each count is written by one task. */
    private static final class Watched {
        private final SocketListener listener;
        /** Bytes received up to the last ping; below 0 before the first. */
        private volatile long bytes = -1;
        /** Frames received up to the last check. */
        private volatile long frames;
        /** Checks since the close was sent. */
        private volatile int closingChecks;

        private volatile boolean closing;

        Watched(SocketListener listener) {
            this.listener = listener;
        }
    }

    /** @param interval interval between pings; a vanished peer is dropped after one to two of them */
    SocketPinger(Duration interval) {
        this.interval = interval;
    }

    void start(TaskRunner runner) {
        tasks = List.of(
                runner.every("http-pulse", interval, () -> sessions.forEach(this::pingOrDrop)),
                runner.every("http-frames", CHECK_INTERVAL, () -> sessions.forEach(this::checkFrames)));
    }

    void add(Session session, SocketListener listener) {
        sessions.put(session, new Watched(listener));
    }

    void remove(Session session) {
        sessions.remove(session);
    }

    /** Closes with a code and reason, and drops the socket if its peer does not answer. */
    void close(Session session, int code, String reason) {
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
            close(session, TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS");
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
