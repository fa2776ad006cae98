package kr.kisgateway.gateway.quote;

import java.util.OptionalLong;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;

/**
 * What KIS says of an issue for a trading day, in won.
 *
 * @param lower lowest price of the day, where KIS says it
 * @param upper highest price of the day, where KIS says it
 * @param tradingStatus what the exchange says of the issue
 */
public record IssueFacts(OptionalLong lower, OptionalLong upper, Designation tradingStatus) {}
