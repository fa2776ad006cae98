package kr.kisgateway.client;

import java.time.Duration;

/**
 * When calls of one class are no longer tried. Only timeouts, broken connections and answers that cannot be read count
 * as failures; refusals do not.
 *
 * @param window how many calls are looked at; fewer open nothing
 * @param failurePercent open from this share of failures on, in 1..100
 * @param open how long nothing is tried
 * @param halfOpenCalls how many are tried then, to see whether it works again
 * @param orders whether new orders and modifications stop, too; a program that keeps a queue of orders lets them wait there, by
 *     {@link KisClient#acquireOrder}
 */
public record BreakerRule(int window, int failurePercent, Duration open, int halfOpenCalls, boolean orders) {
    public BreakerRule {
        if (window < 1 || halfOpenCalls < 1 || failurePercent < 1 || failurePercent > 100) {
            throw new IllegalArgumentException("window and halfOpenCalls are at least 1, failurePercent is 1..100");
        }
        if (!open.isPositive()) {
            throw new IllegalArgumentException("open must be longer than nothing");
        }
    }
}
