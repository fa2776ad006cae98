package kr.kisgateway.gateway.order;

/** The status of an order. A pure function of its requests and fills, never stored by itself. */
public enum OrderStatus {
    /** Accepted and durable; nothing was sent. In the API it is {@code QUEUED}. */
    NEW,
    /** SendStarted is durable; the answer is awaited. */
    DISPATCHING,
    /** KIS accepted it. */
    SENT,
    PARTIAL_FILLED,
    /** The gateway accepted a modification that is not settled yet. */
    MODIFY_PENDING,
    /** The gateway accepted a cancel that is not confirmed yet. */
    CANCEL_PENDING,
    /** Sent, and it is unknown whether KIS accepted it. Never sent again; resolved by the broker's list. */
    UNKNOWN,
    FILLED,
    CANCELED,
    REJECTED,
    EXPIRED;

    /** Whether the order has ended. */
    public boolean isTerminal() {
        return switch (this) {
            case FILLED, CANCELED, REJECTED, EXPIRED -> true;
            case NEW, DISPATCHING, SENT, PARTIAL_FILLED, MODIFY_PENDING, CANCEL_PENDING, UNKNOWN -> false;
        };
    }

    /** The status word of the API. */
    public String publicName() {
        return this == NEW ? "QUEUED" : name();
    }
}
