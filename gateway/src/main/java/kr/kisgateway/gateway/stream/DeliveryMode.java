package kr.kisgateway.gateway.stream;

/** How the values of a symbol's channel reach the gateway. */
public sealed interface DeliveryMode {
    /** KIS pushes them. */
    record Push() implements DeliveryMode {}

    /**
     * KIS is asked for them; the channel {@code trades} has none then.
     *
     * @param intervalMs how often, in milliseconds, as things stand
     */
    record Poll(long intervalMs) implements DeliveryMode {}

    static DeliveryMode push() {
        return new Push();
    }

    static DeliveryMode poll(long intervalMs) {
        return new Poll(intervalMs);
    }
}
