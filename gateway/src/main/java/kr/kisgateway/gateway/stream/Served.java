package kr.kisgateway.gateway.stream;

/** How the values of a symbol's channel reach the gateway. */
public sealed interface Served {
    /** KIS pushes them. */
    record Push() implements Served {}

    /**
     * KIS is asked for them; the channel {@code trades} has none then.
     *
     * @param intervalMs how often, in milliseconds, as things stand
     */
    record Poll(long intervalMs) implements Served {}

    static Served push() {
        return new Push();
    }

    static Served poll(long intervalMs) {
        return new Poll(intervalMs);
    }
}
