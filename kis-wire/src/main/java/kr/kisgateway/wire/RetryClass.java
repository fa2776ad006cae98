package kr.kisgateway.wire;

/** Whether the same request may be sent again after a code. */
public enum RetryClass {
    /** The same request fails again; nothing was booked. */
    NO,
    /** Refused before the ledger: may be repeated, orders too. */
    SAFE,
    /** As {@link #SAFE}, after a new token (for WebSocket codes: a new approval key). */
    SAFE_AFTER_NEW_TOKEN,
    /** Queries may be repeated; an order may exist all the same. */
    READ,
    /** Unknown: look up before repeating anything. */
    UNKNOWN
}
