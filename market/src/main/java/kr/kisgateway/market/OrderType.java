package kr.kisgateway.market;

/** Pricing of an order: a limit (지정가), or the market price (시장가). */
public enum OrderType {
    LIMIT,
    MARKET
}
