package kr.kisgateway.gateway.http;

/** One open answer of Server-Sent Events. Its thread is the request's. */
public interface EventConnection {
    /**
     * Sends bytes and waits until the socket accepted them.
     *
     * @return false when it did not accept them in time, or the connection is closed
     */
    boolean send(byte[] bytes, int length);

    /** Whether the peer has not closed the connection. */
    boolean isOpen();

    /** Drops the connection without notice, from any thread. */
    void abort();
}
