package kr.kisgateway.market;

/** Direction of an order. */
public enum Side {
    BUY,
    SELL
}
