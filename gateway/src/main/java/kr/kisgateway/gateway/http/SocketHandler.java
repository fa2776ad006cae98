package kr.kisgateway.gateway.http;

import java.util.Optional;
import kr.kisgateway.gateway.error.Refusal;

/** Serves a WebSocket path. */
public interface SocketHandler {
    /** Why a further connection is not taken, asked before the upgrade. */
    Optional<Refusal> refusalFor(Caller caller);

    /** The subprotocol that is echoed when a client offers it. */
    String subprotocol();

    /** A connection stands. The returned object hears what happens on it. */
    SocketListener opened(SocketConnection connection, Caller caller);

    /** What happens on one connection; called by one thread at a time. */
    interface SocketListener {
        void text(String message);

        /** The peer answers no more and is about to be dropped; {@link #closed} follows. */
        default void vanished() {
            // who counts it overrides this
        }

        /** The connection is gone, for whatever reason; called once. */
        void closed();
    }
}
