package kr.kisgateway.gateway.quote;

import java.math.BigDecimal;
import java.util.OptionalLong;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;

/**
 * KIS's answer to a price request (inquire-price): no time, no bid, no ask of its own. Prices are won.
 *
 * @param change signed difference from the previous close
 * @param changePct the same in percent
 * @param volume shares traded today
 * @param turnover won traded today
 * @param marketCap won, where KIS sends it (to the hundred million)
 * @param lower lowest price of the day, where KIS sends it
 * @param upper highest price of the day, where KIS sends it
 * @param tradingStatus the exchange's designation of the issue
 */
public record RestQuote(
        long price,
        long change,
        BigDecimal changePct,
        long open,
        long high,
        long low,
        long volume,
        long turnover,
        OptionalLong marketCap,
        OptionalLong lower,
        OptionalLong upper,
        Designation tradingStatus) {}
