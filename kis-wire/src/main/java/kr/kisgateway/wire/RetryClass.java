package kr.kisgateway.wire;

/** What a code says about sending the same request again. */
public enum RetryClass {
    /** The same request fails again; nothing was booked. */
    NO,
    /** Refused before the ledger: may be repeated, orders too. */
    SAFE,
    /** As {@link #SAFE}, once there is a new token (for WebSocket codes: a new approval key). */
    SAFE_AFTER_NEW_TOKEN,
    /** Queries may be repeated; an order may exist all the same. */
    READ,
    /** Nothing is known: look up before repeating anything. */
    UNKNOWN
}
