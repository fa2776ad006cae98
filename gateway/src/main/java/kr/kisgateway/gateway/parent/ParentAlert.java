package kr.kisgateway.gateway.parent;

/** What operators are alerted about. */
public enum ParentAlert {
    /** An order was not placed. */
    NOT_PLACED,
    /** Shares have no exit any more, or a stop was not placed. */
    NO_EXIT,
    /** An order is not placed before somebody has decided. */
    HELD,
    /** An exit is due and not placed, or for a part of its shares. */
    EXIT_WAITS,
    /** A price has triggered an order. */
    TRIGGERED,
    /** An order at the exchange is larger than it was changed to be. */
    NOT_CHANGED,
    /** A price that orders wait for is not received. */
    PRICES_MISSING
}
