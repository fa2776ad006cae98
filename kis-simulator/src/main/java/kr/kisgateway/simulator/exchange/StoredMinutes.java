package kr.kisgateway.simulator.exchange;

import java.time.Instant;
import java.util.List;

/**
 * Today's minute bars of a stock that was traded order by order, as far as no rule can recompute them: what a restart needs
 * beside the day's figures.
 *
 * @param bars of everything up to {@code until}, in order
 * @param until up to when auctions are in them
 * @param nextMinute the first minute since 1970 that is not in them, were the stock caught up from there
 * @param reference the reference price of interruptions; 0 = none yet
 * @param pausedUntil the first minute since 1970 in which the stock trades again after an interruption
 */
public record StoredMinutes(List<Minutes.Bar> bars, Instant until, long nextMinute, long reference, long pausedUntil) {
    public StoredMinutes {
        bars = List.copyOf(bars);
    }
}
