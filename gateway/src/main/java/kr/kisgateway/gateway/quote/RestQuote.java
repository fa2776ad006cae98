package kr.kisgateway.gateway.quote;

import java.math.BigDecimal;
import java.util.OptionalLong;

/**
 * What KIS answers when it is asked for a price (inquire-price): no time, no bid, no ask of its own. Prices are won.
 *
 * @param change signed difference from the previous close
 * @param changePct the same in percent
 * @param volume shares traded today
 * @param turnover won traded today
 * @param marketCap won, where KIS says it (to the hundred million)
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
        OptionalLong marketCap) {}
