package kr.kisgateway.simulator.server;

import java.nio.ByteBuffer;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.wire.NoticeKey;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/** One WebSocket as Jetty sees it: tells the desk what comes in. Public because Jetty calls it by reflection. */
public final class SocketEndpoint implements Session.Listener.AutoDemanding {
    private final SocketHub hub;
    private final Desk desk;
    private final long id;
    private final NoticeKey key;

    SocketEndpoint(SocketHub hub, Desk desk, long id, NoticeKey key) {
        this.hub = hub;
        this.desk = desk;
        this.id = id;
        this.key = key;
    }

    @Override
    public void onWebSocketOpen(Session session) {
        hub.opened(id, session);
        tell(new Input.SocketOpened(id, key));
    }

    @Override
    public void onWebSocketText(String message) {
        hub.heard(id, message);
        tell(new Input.SocketText(id, message, Messages.socket(message)));
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        tell(new Input.SocketPong(id));
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        gone(1006);
    }

    @Override
    public void onWebSocketClose(int statusCode, String reason, Callback callback) {
        gone(statusCode);
        callback.succeed();
    }

    /** No room at the desk: the session goes, as it would at an overloaded server. */
    private void tell(Input input) {
        if (!desk.tell(input)) {
            hub.drop(id);
        }
    }

    private void gone(int code) {
        if (hub.gone(id, code)) {
            desk.tellSurely(new Input.SocketClosed(id));
        }
    }
}
