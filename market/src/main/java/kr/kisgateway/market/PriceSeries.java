package kr.kisgateway.market;

/** A series of prices of one instrument: figures of one are never figures of the other. */
public enum PriceSeries {
    /** The market's own prices. */
    MAIN,
    /** The day market (주간거래) that Korean brokers offer of US stocks in New York's night. */
    DAY_MARKET,
    /** The prices of NXT, Korea's other trading system, on their own. */
    NXT,
    /** The prices of KRX and NXT together (통합). */
    UNIFIED;

    /** Whether it is requested by name only, and has no sessions of its own. */
    public boolean isOfVenues() {
        return this == NXT || this == UNIFIED;
    }
}
