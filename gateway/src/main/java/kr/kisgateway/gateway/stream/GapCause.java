package kr.kisgateway.gateway.stream;

/** Why values are missing, by the words of the stream's gap messages. They are fixed: programs decide by them. */
public enum GapCause {
    /** The socket to KIS fell, was closed, or was opened anew. */
    RECONNECT,
    /** KIS said nothing for so long that the socket counted as dead. */
    SILENCE,
    /** Another program took the app key's one session. */
    STOLEN_SESSION,
    /** KIS took the registration back, or did not take it again. */
    SLOT_LOST,
    /** The day's volume shows trades that never came, or came in a frame that could not be read. */
    MISSED_TRADES,
    /** KIS was asked for prices instead of pushing trades, because it had no room for the registration. */
    POLLED,
    /** The client read too slowly; only it has this gap. */
    SLOW_CONSUMER
}
