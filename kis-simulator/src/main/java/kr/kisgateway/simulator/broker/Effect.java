package kr.kisgateway.simulator.broker;

import java.util.List;

/** An action of the shell once the step's records are on disk. */
public sealed interface Effect {
    /** Answers the call {@code id}. */
    record Reply(long id, HttpAnswer answer) implements Effect {}

    /** Breaks the connection of the call {@code id} with a TCP reset, unanswered. */
    record ResetCall(long id) implements Effect {}

    /** Sends one text frame to each of the sessions. */
    record Push(List<Long> sessions, String text) implements Effect {}

    /** Closes a session with a close frame. */
    record CloseSocket(long session, int code, String reason) implements Effect {}

    /** Drops a session's TCP connection without a close frame. */
    record DropSocket(long session) implements Effect {}
}
