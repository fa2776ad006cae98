package kr.kisgateway.market;

/** What an order does to the position. */
public enum Side {
    BUY,
    SELL
}
