package kr.kisgateway.client;

/** Why a call is made, most urgent first. A free slot goes to the first lane that waits, after the minimum shares. */
public enum Lane {
    /** Taking back an order. Two slots of each second are kept free for it. */
    CANCEL,
    /** A market order. */
    MARKET_ORDER,
    /** A limit order. */
    LIMIT_ORDER,
    /** Finding out what became of an order in doubt. Shares two slots of each second with ACCOUNT. */
    RESOLVE,
    /** Balances, executions, reconciliation. Shares two slots of each second with RESOLVE. */
    ACCOUNT,
    /** A price. One slot of each second is its own while somebody waits. */
    QUOTE,
    /** Charts and other bulk reading. */
    HISTORY
}
