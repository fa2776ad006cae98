package kr.kisgateway.simulator.broker;

/** What a row of the daily list is: an order, a modify of one or a cancel of one. */
public enum OrderKind {
    NEW,
    MODIFY,
    CANCEL
}
