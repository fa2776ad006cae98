package kr.kisgateway.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How a query is retried after a timeout, a broken connection or an unreadable answer. The waits double
 * from {@code first} to {@code longest}, each shortened by up to a quarter so that clients do not retry in step. A
 * rejected token or a refusal for the call rate is retried after a moment.
 *
 * @param times the most retries; 0 = never
 */
public record RetryRule(int times, Duration first, Duration longest) {
    public RetryRule {
        if (times < 0 || !first.isPositive() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("times is 0 or more, and 0 < first <= longest");
        }
    }

    /** The wait after {@code before} failed retries: doubled each time, up to {@link #longest}. */
    public Duration pause(int before, RandomGenerator jitter) {
        long full = Math.min(longest.toMillis(), first.toMillis() << Math.min(before, 30));
        return Duration.ofMillis(full - jitter.nextLong(full / 4 + 1));
    }

    /** Three times, after 1, 2 and 4 s. */
    public static RetryRule standard() {
        return new RetryRule(3, Duration.ofSeconds(1), Duration.ofSeconds(10));
    }
}
