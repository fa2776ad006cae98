package kr.kisgateway.simulator.us;

/** Why an order, a modify or a cancel is refused. */
public enum UsRefusal {
    UNKNOWN_SYMBOL,
    UNKNOWN_DIVISION,
    /** No session accepts it: the market is closed, or in a session of another kind of order. */
    SESSION_CLOSED,
    /** As SESSION_CLOSED, when the session is later today, or is over, or there is none today. */
    TOO_EARLY,
    TOO_LATE,
    CLOSED_DAY,
    NO_PRICE,
    PRICE_OF_MARKET_ORDER,
    OFF_TICK,
    /** An implausible price or quantity. */
    TOO_HIGH,
    NO_HOLDING,
    TOO_MANY_SHARES,
    NOT_ENOUGH_CASH,
    UNKNOWN_ORIGINAL,
    NOTHING_LEFT,
    MORE_THAN_OPEN
}
