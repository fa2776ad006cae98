package kr.kisgateway.edge;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/** One WebSocket of Jetty, as {@link AnyPathListener.Socket} sees it. Public because Jetty calls it by reflection. */
public final class SocketAdapter implements Session.Listener.AutoDemanding {
    private static final int ABNORMAL = 1006;

    private final AnyPathListener.Socket socket;
    private final String threadName;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Set before any other event. */
    private volatile @Nullable SocketOutbox outbox;

    SocketAdapter(AnyPathListener.Socket socket, String threadName) {
        this.socket = socket;
        this.threadName = threadName;
    }

    @Override
    public void onWebSocketOpen(Session session) {
        var opened = SocketOutbox.open(session, threadName, socket.queueCapacity(), socket.observer());
        outbox = opened;
        socket.opened(opened);
    }

    @Override
    public void onWebSocketText(String message) {
        socket.text(message);
        // One read may bring hundreds of messages.
        FairConnector.giveWay();
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        socket.pong();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        handleClosed(ABNORMAL);
    }

    @Override
    public void onWebSocketClose(int statusCode, String reason, Callback callback) {
        handleClosed(statusCode);
        callback.succeed();
    }

    private void handleClosed(int code) {
        if (closed.compareAndSet(false, true)) {
            var opened = outbox;
            if (opened != null) {
                opened.end();
            }
            socket.closed(code);
        }
    }
}
