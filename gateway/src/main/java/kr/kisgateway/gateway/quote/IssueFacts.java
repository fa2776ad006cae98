package kr.kisgateway.gateway.quote;

import java.util.OptionalLong;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;

/**
 * KIS's data about an issue for a trading day, in won.
 *
 * @param lower lowest price of the day, where KIS sends it
 * @param upper highest price of the day, where KIS sends it
 * @param tradingStatus the exchange's designation of the issue
 */
public record IssueFacts(OptionalLong lower, OptionalLong upper, Designation tradingStatus) {}
