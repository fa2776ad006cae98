package kr.kisgateway.simulator.entity;

/** The kind of a row of the daily list: an order, a modify of one or a cancel of one. */
public enum OrderKind {
    NEW,
    MODIFY,
    CANCEL
}
