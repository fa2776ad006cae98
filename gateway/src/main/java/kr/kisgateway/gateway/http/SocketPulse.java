package kr.kisgateway.gateway.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.gateway.http.SocketHandler.SocketListener;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.common.WebSocketSession;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pings every open WebSocket and drops the one from which not a byte came between two pings: a peer that vanished without a
 * word answers nothing, while the system would go on taking what is written to it for a quarter of an hour.
 */
final class SocketPulse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.http");

    private final Duration every;
    private final Map<Session, Pulse> pulses = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    /** @param bytes that had come by the last ping; below 0 before the first */
    private record Pulse(SocketListener listener, long bytes) {}

    /** @param every time between two pings; who vanished is dropped after one to two of them */
    SocketPulse(Duration every) {
        this.every = every;
    }

    void start() {
        Thread.ofVirtual().name("http-pulse").start(() -> {
            try {
                while (!closing.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                    pulses.forEach(this::feel);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    void add(Session session, SocketListener listener) {
        pulses.put(session, new Pulse(listener, -1));
    }

    void remove(Session session) {
        pulses.remove(session);
    }

    private void feel(Session session, Pulse pulse) {
        long bytes = bytesIn(session);
        if (bytes == pulse.bytes()) {
            LOG.info("socket_vanished peer={}", session.getRemoteSocketAddress());
            pulse.listener().vanished();
            session.disconnect();
            return;
        }
        // Only if it is still there: it may have closed meanwhile.
        pulses.replace(session, pulse, new Pulse(pulse.listener(), bytes));
        session.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
    }

    private static long bytesIn(Session session) {
        var core = (WebSocketCoreSession) ((WebSocketSession) session).getCoreSession();
        return core.getConnection().getBytesIn();
    }

    /** Ends every socket that is still open without waiting for its peer. */
    void abortAll() {
        pulses.keySet().forEach(Session::disconnect);
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
