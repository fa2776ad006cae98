package kr.kisgateway.client;

import java.time.Instant;
import java.util.Optional;

/**
 * A snapshot of the WebSocket session.
 *
 * @param state its state
 * @param connected whether the socket is open
 * @param lastError the last error since the socket last opened, in a few words
 * @param reconnectCount how often the socket was reopened since the start
 * @param lastMessageAt when KIS last sent a message
 * @param lastHeartbeatAt when KIS last sent a PINGPONG
 * @param registrations requested registrations, execution notices included
 * @param registrationsMax the session's capacity: 41, or fewer once KIS reported so
 */
public record RealtimeStatus(
        State state,
        boolean connected,
        Optional<String> lastError,
        long reconnectCount,
        Optional<Instant> lastMessageAt,
        Optional<Instant> lastHeartbeatAt,
        int registrations,
        int registrationsMax) {
    /** The state of the session. */
    public enum State {
        /** Not started. */
        IDLE,
        /** Requesting an approval key. */
        APPROVING,
        /** Opening the socket. */
        CONNECTING,
        /** The socket is open. */
        OPEN,
        /** Releasing before a deliberate close. */
        RELEASING,
        /** Waiting before the next attempt. */
        WAITING,
        /** Ten attempts failed: one more every five minutes. */
        EXHAUSTED,
        /** Closed for good. */
        CLOSED
    }
}
