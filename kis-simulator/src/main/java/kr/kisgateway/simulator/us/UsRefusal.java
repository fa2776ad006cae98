package kr.kisgateway.simulator.us;

/** Why an order, a modify or a cancel is not taken. */
public enum UsRefusal {
    UNKNOWN_SYMBOL,
    UNKNOWN_DIVISION,
    /** No session takes it: the market is closed, or in a session of another kind of order. */
    SESSION_CLOSED,
    /** As NOT_NOW, where it is known that the session comes later today, or is over, or does not come today. */
    TOO_EARLY,
    TOO_LATE,
    CLOSED_DAY,
    NO_PRICE,
    PRICE_OF_MARKET_ORDER,
    OFF_TICK,
    /** A price or a quantity that nobody means. */
    TOO_HIGH,
    NO_HOLDING,
    TOO_MANY_SHARES,
    NOT_ENOUGH_CASH,
    UNKNOWN_ORIGINAL,
    NOTHING_LEFT,
    MORE_THAN_OPEN
}
