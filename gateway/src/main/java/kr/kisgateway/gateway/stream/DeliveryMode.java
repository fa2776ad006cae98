package kr.kisgateway.gateway.stream;

/** How the values of a symbol's channel reach the gateway. */
public sealed interface DeliveryMode {
    /** KIS pushes them. */
    record Push() implements DeliveryMode {}

    /**
     * KIS is polled for them; the channel {@code trades} has no values then.
     *
     * @param intervalMs current polling interval in milliseconds
     */
    record Poll(long intervalMs) implements DeliveryMode {}

    static DeliveryMode push() {
        return new Push();
    }

    static DeliveryMode poll(long intervalMs) {
        return new Poll(intervalMs);
    }
}
