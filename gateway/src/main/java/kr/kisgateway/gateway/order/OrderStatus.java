package kr.kisgateway.gateway.order;

/** Where an order stands. A pure function of its requests and fills, never stored by itself. */
public enum OrderStatus {
    /** Accepted and durable; nothing was sent. Outward this reads {@code QUEUED}. */
    NEW,
    /** SendStarted is durable; the answer is awaited. */
    DISPATCHING,
    /** KIS took it. */
    SENT,
    PARTIAL_FILLED,
    /** A modification was accepted by us and is not settled yet. */
    MODIFY_PENDING,
    /** A cancel was accepted by us and is not confirmed yet. */
    CANCEL_PENDING,
    /** Sent, and it is not known whether KIS took it. Never sent again; resolved by asking. */
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

    /** The word that users read. */
    public String publicName() {
        return this == NEW ? "QUEUED" : name();
    }
}
