package kr.kisgateway.gateway.stream;

import java.time.Duration;
import kr.kisgateway.gateway.http.SocketConnection;

/** Where a client's frames go. Its thread is the client's writer. */
interface StreamConnection {
    /** Frames as this wire wants them. */
    Frame frame();

    /**
     * Writes what {@link #frame} holds and waits until that was taken.
     *
     * @return false when it was not taken within {@code limit} or the connection is gone
     */
    boolean flush(Duration limit);

    /** Whether something must be sent now and then although there is nothing to tell. */
    default boolean needsHeartbeats() {
        return false;
    }

    /** Closes with a code and reason, politely. */
    void close(int code, String reason);

    /** Drops the connection without a word; for a peer that does not read. */
    void abort();

    /** A WebSocket. */
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
