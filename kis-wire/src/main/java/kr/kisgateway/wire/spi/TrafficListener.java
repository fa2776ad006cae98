package kr.kisgateway.wire.spi;

import java.util.Map;

/**
 * Receives all traffic between KIS and its clients, verbatim: <b>with secrets, tokens and account numbers</b>. It is intended
 * for recorders, which redact those before anything reaches a file. Called on any thread; it must return quickly and throw
 * nothing.
 */
public interface TrafficListener {
    /**
     * A REST call leaves the client.
     *
     * @param call its number, which the answer has too
     * @param path without the query
     * @param headers names in lower case
     * @param query after the {@code ?}, encoded; may be empty
     * @param body may be empty
     */
    void requestSent(long call, String method, String path, Map<String, String> headers, String query, String body);

    /**
     * The complete answer arrived.
     *
     * @param trId header {@code tr_id}, empty when there is none
     * @param trCont header {@code tr_cont}, empty when there is none
     */
    void responseReceived(long call, int status, String trId, String trCont, String body);

    /** The call's connection broke, or the client gave up, without an answer. */
    void responseLost(long call);

    /** A WebSocket is open. */
    void sessionOpened(long session);

    /** A text of the client to KIS. */
    void messageSent(long session, String text);

    /** A text of KIS to the client. */
    void messageReceived(long session, String text);

    /**
     * A WebSocket is over.
     *
     * @param byBroker whether KIS ended it
     * @param code of the close frame, 1006 when there was none
     */
    void sessionEnded(long session, boolean byBroker, int code);
}
