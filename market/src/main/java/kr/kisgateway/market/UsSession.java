package kr.kisgateway.market;

/** Session of US stocks as a Korean broker offers them. */
public enum UsSession {
    CLOSED,
    /** 주간거래: New York's night. */
    DAY_MARKET,
    PRE,
    REGULAR,
    AFTER;

    public boolean isOpen() {
        return this != CLOSED;
    }
}
