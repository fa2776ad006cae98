package kr.kisgateway.gateway.risk;

/**
 * What the strictest layer leaves of a day's amount.
 *
 * @param layer that leaves the least
 * @param units of the limit
 * @param left of these, for further buys; in units of the currency
 */
public record DailyAmountLeft(RiskLimit limit, String layer, long units, long left) {}
