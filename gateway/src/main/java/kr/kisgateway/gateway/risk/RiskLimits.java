package kr.kisgateway.gateway.risk;

/**
 * The gateway-wide limits.
 *
 * @param dailyOrders accepted orders an account and trading day
 * @param maxQty shares of one BUY order
 * @param maxNotional won of one BUY order
 * @param live whether orders would reach the real market
 * @param liveTrading whether that was allowed explicitly
 */
public record RiskLimits(long dailyOrders, long maxQty, long maxNotional, boolean live, boolean liveTrading) {}
