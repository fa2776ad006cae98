package kr.kisgateway.gateway.order;

import java.time.Duration;

/**
 * How the gateway chooses the price of a limit order.
 *
 * @param isOffset whether its first price is at an offset from the last price
 * @param after how long it rests at a price before it gets another one
 * @param max how often it gets another price
 */
public record PricePolicy(boolean isOffset, Duration after, int max) {
    /** Re-pricing of an order at an offset that does not request another. */
    static final Duration AFTER = Duration.ofSeconds(5);

    static final int MAX = 2;
    static final Duration AFTER_MIN = Duration.ofSeconds(1);
    static final Duration AFTER_MAX = Duration.ofMinutes(10);
    static final int MAX_MAX = 10;

    public PricePolicy {
        if (after.compareTo(AFTER_MIN) < 0 || after.compareTo(AFTER_MAX) > 0 || max < 0 || max > MAX_MAX) {
            throw new IllegalArgumentException("after " + after + ", max " + max);
        }
    }

    /** The form of a request, which a repeated key is compared with. */
    String canonical() {
        return (isOffset ? "offset" : "") + "|" + after.toMillis() + "|" + max;
    }
}
