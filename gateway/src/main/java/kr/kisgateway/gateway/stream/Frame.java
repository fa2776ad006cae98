package kr.kisgateway.gateway.stream;

/** Joins what a mailbox held into what goes over the wire at once. Used by one thread. */
interface Frame {
    /** Room that an idle client keeps. */
    int IDLE_BYTES = 4_096;

    /** Messages of so many bytes in all follow. */
    void reserve(int bytes);

    /** Nothing follows for now: what room a long frame took is given back. */
    void shrink();

    /** One message as JSON. */
    void add(byte[] message);

    /** One message with its cursor. */
    default void add(AccountMessage message) {
        add(message.json());
    }

    /** A sign of life when there was nothing to tell. */
    default void addHeartbeat() {
        // a WebSocket has pings of its own
    }

    /**
     * A message that a journal's cursor belongs to.
     *
     * @param accountId whose journal
     * @param symbol of the order
     * @param principal name of the key that placed the order
     * @param origin why it is sent
     */
    record AccountMessage(String accountId, String symbol, String principal, long seq, byte[] json, Origin origin) {
        /** The cursor of a replay that cannot be: the client's was none of the journal's, and it begins anew. */
        static final long CURSOR_UNKNOWN = -1;

        AccountMessage withOrigin(Origin newOrigin) {
            return new AccountMessage(accountId, symbol, principal, seq, json, newOrigin);
        }
    }

    /** Why a message of an account is sent. */
    enum Origin {
        /** It happens now, or is part of a snapshot. */
        LIVE,
        /** A client that was away missed it. */
        REPLAY,
        /** A replay ends here: everything up to its cursor was sent. */
        REPLAY_END
    }
}
