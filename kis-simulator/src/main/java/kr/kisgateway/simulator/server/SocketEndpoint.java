package kr.kisgateway.simulator.server;

import java.nio.ByteBuffer;
import kr.kisgateway.edge.FairConnector;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.wire.NoticeKey;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/** One WebSocket of Jetty: forwards its events to the desk. Public because Jetty calls it by reflection. */
public final class SocketEndpoint implements Session.Listener.AutoDemanding {
    private final SocketHub hub;
    private final CoreRunner runner;
    private final long id;
    private final NoticeKey key;

    SocketEndpoint(SocketHub hub, CoreRunner runner, long id, NoticeKey key) {
        this.hub = hub;
        this.runner = runner;
        this.id = id;
        this.key = key;
    }

    @Override
    public void onWebSocketOpen(Session session) {
        hub.opened(id, session);
        submit(new Input.SocketOpened(id, key));
    }

    @Override
    public void onWebSocketText(String message) {
        hub.recordReceived(id, message);
        submit(new Input.SocketText(id, message, ClientMessages.socket(message)));
        // One read may bring hundreds of messages.
        FairConnector.giveWay();
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        submit(new Input.SocketPong(id));
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        handleClosed(1006);
    }

    @Override
    public void onWebSocketClose(int statusCode, String reason, Callback callback) {
        handleClosed(statusCode);
        callback.succeed();
    }

    /** Submits an input; when the desk has no room the session closes, as at an overloaded server. */
    private void submit(Input input) {
        if (!runner.offer(input)) {
            hub.drop(id);
        }
    }

    private void handleClosed(int code) {
        if (hub.remove(id, code)) {
            runner.offerUntilTaken(new Input.SocketClosed(id));
        }
    }
}
