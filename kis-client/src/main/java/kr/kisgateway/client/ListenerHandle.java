package kr.kisgateway.client;

/** One listener of a realtime session, with its own thread and mailbox. */
public interface ListenerHandle extends AutoCloseable {
    /** The name in logs and events. */
    String name();

    /** Messages that wait for the listener now. */
    int waiting();

    /** Messages of market data dropped because the listener was too slow. */
    long dropped();

    /** Calls of the listener that ended in an exception. */
    long failed();

    /** Ends delivery; waiting messages are discarded. */
    @Override
    void close();
}
