package kr.kisgateway.simulator.entity;

/** Where an open order rests. */
public enum RestingPlace {
    /** In no queue: in transit to the exchange, or closed. */
    NOWHERE,
    /** In the book at a price. */
    BOOK,
    /** In the queue of an auction's market orders. */
    MARKET,
    /** In the queue for the closing price. */
    CLOSE_PRICE,
    /** Among the mid-price orders. */
    MID,
    /** Waiting for the last price to trigger it. */
    STOP
}
