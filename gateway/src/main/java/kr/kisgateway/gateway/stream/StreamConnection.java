package kr.kisgateway.gateway.stream;

import java.time.Duration;
import kr.kisgateway.gateway.http.SocketConnection;

/** A client's connection for frames. Its thread is the client's writer. */
interface StreamConnection {
    /** The frame of this protocol, which collects messages. */
    Frame frame();

    /**
     * Writes the content of {@link #frame} and waits until the peer's side has taken it.
     *
     * @return false when it was not taken within {@code limit} or the connection is gone
     */
    boolean flush(Duration limit);

    /** Whether the protocol needs heartbeats on an idle connection. */
    default boolean needsHeartbeats() {
        return false;
    }

    /** Closes with a code and reason. */
    void close(int code, String reason);

    /** Drops the connection without a close message; for a peer that does not read. */
    void abort();

    /** Wraps a WebSocket. */
    static StreamConnection of(SocketConnection connection) {
        return new StreamConnection() {
            private final JsonFrame frame = new JsonFrame();

            @Override
            public Frame frame() {
                return frame;
            }

            @Override
            public boolean flush(Duration limit) {
                return connection.send(frame.text(), limit);
            }

            @Override
            public void close(int code, String reason) {
                connection.close(code, reason);
            }

            @Override
            public void abort() {
                connection.abort();
            }
        };
    }
}
