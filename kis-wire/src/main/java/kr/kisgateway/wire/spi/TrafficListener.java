package kr.kisgateway.wire.spi;

import java.util.Map;

/**
 * Hears what passes between KIS and its clients, as it is: <b>with secrets, tokens and account numbers</b>. It is there for
 * recorders, which take those out before anything reaches a file. Any thread tells; whoever hears must be quick and throw
 * nothing.
 */
public interface TrafficListener {
    /**
     * A REST call leaves the client.
     *
     * @param call its number, which the answer has too
     * @param path without the query
     * @param headers names in lower case
     * @param query behind the {@code ?}, encoded; may be empty
     * @param body may be empty
     */
    void requestSent(long call, String method, String path, Map<String, String> headers, String query, String body);

    /**
     * Its whole answer has come.
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
