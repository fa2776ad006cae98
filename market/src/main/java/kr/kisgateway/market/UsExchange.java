package kr.kisgateway.market;

/** Exchange on which a US stock is listed. */
public enum UsExchange {
    /** NASDAQ. */
    NASD,
    /** New York Stock Exchange. */
    NYSE,
    /** NYSE American (AMEX) and Arca. */
    AMEX
}
