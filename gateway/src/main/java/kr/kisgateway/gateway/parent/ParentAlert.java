package kr.kisgateway.gateway.parent;

/** What operators are alerted about. */
public enum ParentAlert {
    /** An order was not placed. */
    NOT_PLACED,
    /** An order is not placed before somebody has decided. */
    HELD,
    /** An exit waits for the end of another order. */
    EXIT_WAITS,
    /** A price has triggered an order. */
    TRIGGERED,
    /** An order at the exchange is larger than it was changed to be. */
    NOT_CHANGED
}
