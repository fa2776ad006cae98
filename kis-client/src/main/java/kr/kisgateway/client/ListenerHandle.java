package kr.kisgateway.client;

/** One listener's place at a realtime session, with a thread and a mailbox of its own. */
public interface ListenerHandle extends AutoCloseable {
    /** The name that logs and events carry. */
    String name();

    /** Messages that wait for the listener now. */
    int waiting();

    /** Messages of market data that went unheard because the listener was too slow. */
    long dropped();

    /** Calls of the listener that ended in an exception. */
    long failed();

    /** Ends it: what waits is not told any more. */
    @Override
    void close();
}
