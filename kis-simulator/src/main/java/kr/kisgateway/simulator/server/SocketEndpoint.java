package kr.kisgateway.simulator.server;

import kr.kisgateway.edge.AnyPathListener;
import kr.kisgateway.edge.SocketOutbox;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.wire.NoticeKey;

/** One WebSocket: forwards its events to the desk. */
final class SocketEndpoint implements AnyPathListener.Socket {
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
    public void opened(SocketOutbox outbox) {
        hub.opened(id, outbox);
        submit(new Input.SocketOpened(id, key));
    }

    @Override
    public void text(String message) {
        hub.recordReceived(id, message);
        submit(new Input.SocketText(id, message, ClientMessages.socket(message)));
    }

    @Override
    public void pong() {
        submit(new Input.SocketPong(id));
    }

    @Override
    public void closed(int code) {
        hub.remove(id, code);
        runner.offerUntilTaken(new Input.SocketClosed(id));
    }

    @Override
    public int queueCapacity() {
        return SocketHub.QUEUE_CAPACITY;
    }

    @Override
    public SocketOutbox.Observer observer() {
        return hub.observer(id);
    }

    /** Submits an input; when the desk has no room the session closes, as at an overloaded server. */
    private void submit(Input input) {
        if (!runner.offer(input)) {
            hub.drop(id);
        }
    }
}
