package kr.kisgateway.gateway.stream;

/** Joins what a mailbox held into what goes over the wire at once. Used by one thread. */
interface Frame {
    /** Room that an idle client keeps. */
    int IDLE_BYTES = 4_096;

    /** Messages of so many bytes in all follow. */
    void expect(int bytes);

    /** Nothing follows for now: what room a long frame took is given back. */
    void rest();

    /** One message as JSON. */
    void add(byte[] message);

    /** One message with its cursor. */
    default void add(AccountMessage message) {
        add(message.json());
    }

    /** A sign of life when there was nothing to tell. */
    default void beat() {
        // a WebSocket has pings of its own
    }

    /**
     * A message that a journal's cursor belongs to.
     *
     * @param accountId whose journal
     * @param symbol of the order
     * @param principal name of the key that placed the order
     */
    record AccountMessage(String accountId, String symbol, String principal, long seq, byte[] json) {}
}
