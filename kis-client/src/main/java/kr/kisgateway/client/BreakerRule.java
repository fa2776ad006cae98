package kr.kisgateway.client;

import java.time.Duration;

/**
 * When calls of one class are suspended. Only timeouts, broken connections and unreadable answers count
 * as failures; refusals do not.
 *
 * @param window number of calls evaluated; fewer open nothing
 * @param failurePercent open from this share of failures on, in 1..100
 * @param open how long calls are suspended
 * @param halfOpenCalls number of trial calls afterwards
 * @param orders whether new orders and modifications are suspended, too; a program with its own order queue lets them wait, by
 *     {@link KisClient#acquireOrder}
 */
public record BreakerRule(int window, int failurePercent, Duration open, int halfOpenCalls, boolean orders) {
    public BreakerRule {
        if (window < 1 || halfOpenCalls < 1 || failurePercent < 1 || failurePercent > 100) {
            throw new IllegalArgumentException("window and halfOpenCalls are at least 1, failurePercent is 1..100");
        }
        if (!open.isPositive()) {
            throw new IllegalArgumentException("open must be positive");
        }
    }
}
