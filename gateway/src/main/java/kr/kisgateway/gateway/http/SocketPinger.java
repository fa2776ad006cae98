package kr.kisgateway.gateway.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.gateway.http.SocketHandler.SocketListener;
import kr.kisgateway.gateway.task.TaskRunner;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.common.WebSocketSession;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pings every open WebSocket and drops one without a received byte between two pings: a vanished peer does not respond,
 * while the system would accept writes to it for a quarter of an hour.
 */
final class SocketPinger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.http");

    private final Duration interval;
    private final Map<Session, PingState> pingStates = new ConcurrentHashMap<>();
    private volatile Optional<TaskRunner.Task> task = Optional.empty();

    /** @param bytes received up to the last ping; below 0 before the first */
    private record PingState(SocketListener listener, long bytes) {}

    /** @param interval interval between pings; a vanished peer is dropped after one to two of them */
    SocketPinger(Duration interval) {
        this.interval = interval;
    }

    void start(TaskRunner tasks) {
        task = Optional.of(tasks.every("http-pulse", interval, () -> pingStates.forEach(this::pingOrDrop)));
    }

    void add(Session session, SocketListener listener) {
        pingStates.put(session, new PingState(listener, -1));
    }

    void remove(Session session) {
        pingStates.remove(session);
    }

    private void pingOrDrop(Session session, PingState state) {
        long bytes = bytesIn(session);
        if (bytes == state.bytes()) {
            LOG.info("socket_vanished peer={}", session.getRemoteSocketAddress());
            state.listener().vanished();
            session.disconnect();
            return;
        }
        // Only if it is still present: it may have closed meanwhile.
        pingStates.replace(session, state, new PingState(state.listener(), bytes));
        session.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
    }

    private static long bytesIn(Session session) {
        var core = (WebSocketCoreSession) ((WebSocketSession) session).getCoreSession();
        return core.getConnection().getBytesIn();
    }

    /** Ends every socket that is still open without waiting for its peer. */
    void abortAll() {
        pingStates.keySet().forEach(Session::disconnect);
    }

    @Override
    public void close() {
        task.ifPresent(TaskRunner.Task::close);
    }
}
