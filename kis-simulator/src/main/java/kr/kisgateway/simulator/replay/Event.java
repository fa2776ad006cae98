package kr.kisgateway.simulator.replay;

/** One event, in microseconds since the start of the recording. Directions are those of an outside observer. */
public sealed interface Event {
    long at();

    /** A client opened a WebSocket. */
    record Opened(long at, long session) implements Event {}

    /** A text of the client. */
    record ClientText(long at, long session, String text) implements Event {}

    /** A text of the broker. */
    record BrokerText(long at, long session, String text) implements Event {}

    /** An encrypted text that is left out, because it could not be cleared of names and numbers. */
    record Removed(long at, long session, String trId) implements Event {}

    /** The end of a WebSocket; {@code code} 1006 = closed without a close frame. */
    record Ended(long at, long session, boolean byBroker, int code) implements Event {}

    /** A REST call; {@code query} as in the address, without the question mark. */
    record Called(long at, long call, String method, String path, String query, String trId, String trCont, String body)
            implements Event {}

    /** The answer of a call. */
    record Answered(long at, long call, int status, String trId, String trCont, String body) implements Event {}

    /** The call's connection broke instead. */
    record ConnectionReset(long at, long call) implements Event {}
}
