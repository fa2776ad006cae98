package kr.kisgateway.client;

/** The purpose of a call, most urgent first. A free slot goes to the first lane that waits, after the minimum shares. */
public enum Lane {
    /** Cancels. Two slots of each second are reserved for them. */
    CANCEL,
    /** A market order. */
    MARKET_ORDER,
    /** A limit order. */
    LIMIT_ORDER,
    /** Resolving an order in doubt. Shares two slots of each second with ACCOUNT. */
    RESOLVE,
    /** Balances, executions, reconciliation. Shares two slots of each second with RESOLVE. */
    ACCOUNT,
    /** A price. One slot of each second is reserved while one waits. */
    QUOTE,
    /** Charts and other bulk reading. */
    HISTORY
}
