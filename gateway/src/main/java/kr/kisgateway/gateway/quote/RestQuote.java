package kr.kisgateway.gateway.quote;

import java.math.BigDecimal;
import java.util.OptionalLong;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;

/**
 * KIS's answer to a price request: no time, no bid, no ask of its own. Prices are units of the market's currency; an absent one is 0.
 *
 * @param change signed difference from the previous close
 * @param changePct the same in percent
 * @param volume shares traded today
 * @param turnover units of the currency traded today
 * @param marketCap units of the currency, where KIS sends it (to the hundred million)
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
