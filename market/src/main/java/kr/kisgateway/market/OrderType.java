package kr.kisgateway.market;

/** How an order names its price: a limit (지정가), or whatever the market gives (시장가). */
public enum OrderType {
    LIMIT,
    MARKET
}
