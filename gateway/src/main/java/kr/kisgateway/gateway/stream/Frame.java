package kr.kisgateway.gateway.stream;

/** Joins messages of a mailbox into one write. Used by one thread. */
interface Frame {
    /** Buffer size of an idle client, in bytes. */
    int IDLE_BYTES = 4_096;

    /** Reserves space for messages of {@code bytes} bytes in total. */
    void reserve(int bytes);

    /** Releases the space of a long frame; no messages follow for now. */
    void shrink();

    /** Adds one message as JSON. */
    void add(byte[] message);

    /** Adds one message with its cursor. */
    default void add(AccountMessage message) {
        add(message.json());
    }

    /** Adds a heartbeat when no message was sent. */
    default void addHeartbeat() {
        // a WebSocket has pings of its own
    }

    /**
     * A message with the cursor of an account's journal.
     *
     * @param accountId account of the journal
     * @param symbol of the order
     * @param principal name of the key that placed the order
     * @param origin why it is sent
     */
    record AccountMessage(String accountId, String symbol, String principal, long seq, byte[] json, Origin origin) {
        /** Cursor of an impossible replay: the client's cursor is unknown to the journal, and is dropped. */
        static final long CURSOR_UNKNOWN = -1;

        AccountMessage withOrigin(Origin newOrigin) {
            return new AccountMessage(accountId, symbol, principal, seq, json, newOrigin);
        }
    }

    /** Why an account's message is sent. */
    enum Origin {
        /** A live event, or part of a snapshot. */
        LIVE,
        /** An event that a disconnected client missed. */
        REPLAY,
        /** End of a replay: everything up to its cursor was sent. */
        REPLAY_END
    }
}
