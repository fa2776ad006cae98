package kr.kisgateway.gateway.http;

import java.util.Optional;
import kr.kisgateway.gateway.error.Refusal;

/** Serves a WebSocket path. */
public interface SocketHandler {
    /** The refusal of a further connection, checked before the upgrade; empty when it is accepted. */
    Optional<Refusal> refusalFor(Caller caller);

    /** The subprotocol that is echoed when a client offers it. */
    String subprotocol();

    /** Called when a connection is open. The returned listener receives its events. */
    SocketListener opened(SocketConnection connection, Caller caller);

    /** Events of one connection; called by one thread at a time. */
    interface SocketListener {
        void text(String message);

        /** The peer does not respond any more and is about to be dropped; {@link #closed} follows. */
        default void vanished() {
            // overridden where it is counted
        }

        /** The connection is closed, for any reason; called once. */
        void closed();
    }
}
