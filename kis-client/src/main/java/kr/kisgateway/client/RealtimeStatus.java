package kr.kisgateway.client;

import java.time.Instant;
import java.util.Optional;

/**
 * The WebSocket session at a glance.
 *
 * @param state what it is doing
 * @param connected whether the socket is open
 * @param lastError the last thing that went wrong since the socket last opened, in a few words
 * @param reconnectCount how often the socket was opened again since the start
 * @param lastMessageAt when KIS last said anything
 * @param lastHeartbeatAt when KIS last sent a PINGPONG
 * @param registrations registrations wanted at present, execution notices included
 * @param registrationsMax how many fit: 41, or fewer once KIS said so
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
    /** What the session is doing. */
    public enum State {
        /** Not started. */
        IDLE,
        /** Getting an approval key. */
        APPROVING,
        /** Opening the socket. */
        CONNECTING,
        /** The socket is open. */
        OPEN,
        /** Releasing before a deliberate close. */
        RELEASING,
        /** Waiting before the next try. */
        WAITING,
        /** Ten tries failed: one more every five minutes. */
        EXHAUSTED,
        /** Closed for good. */
        CLOSED
    }
}
