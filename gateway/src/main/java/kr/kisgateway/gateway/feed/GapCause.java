package kr.kisgateway.gateway.feed;

/** Why values are missing, as named in the stream's gap messages. The words are fixed: programs depend on them. */
public enum GapCause {
    /** The socket to KIS dropped, was closed or was reopened. */
    RECONNECT,
    /** KIS was silent for so long that the socket counted as dead. */
    SILENCE,
    /** Another program took the app key's one session. */
    STOLEN_SESSION,
    /** KIS dropped the registration, or refused to restore it. */
    SLOT_LOST,
    /** The day's volume shows trades that never arrived, or arrived in an unreadable frame. */
    MISSED_TRADES,
    /** KIS had no slot for the registration, so prices were polled instead of trades pushed. */
    POLLED,
    /** The client read too slowly; no other client has this gap. */
    SLOW_CONSUMER
}
