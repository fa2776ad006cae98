package kr.kisgateway.gateway.http;

/** One answer of Server-Sent Events that goes on, as its owner sees it. Its thread is the request's. */
public interface EventConnection {
    /**
     * Sends bytes and waits until the socket took them.
     *
     * @return false when it did not take them in time, or the connection is gone
     */
    boolean send(byte[] bytes, int length);

    /** Drops the connection without a word, from any thread. */
    void abort();
}
