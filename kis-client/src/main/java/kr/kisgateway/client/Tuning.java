package kr.kisgateway.client;

import java.time.Duration;

/**
 * How hard and how patiently a client tries.
 *
 * @param limits what KIS allows
 * @param timeouts how long to wait for what
 * @param pool connections of the REST calls
 * @param breaker when calls are no longer tried
 * @param retry when questions are asked again; orders never are
 * @param patience how long a call may take whose caller says nothing of it, waiting for its turn included
 */
public record Tuning(
        Limits limits, Timeouts timeouts, Pool pool, BreakerRule breaker, RetryRule retry, Duration patience) {
    public Tuning {
        if (!patience.isPositive()) {
            throw new IllegalArgumentException("patience must be longer than nothing");
        }
    }

    /** 50 connections, 20 a route, 5 s for each answer; open for 30 s when half of the last 10 calls failed. */
    public static Tuning standard(Limits limits) {
        return new Tuning(
                limits,
                Timeouts.standard(),
                new Pool(50, 20, Duration.ofSeconds(5), Duration.ofSeconds(300)),
                new BreakerRule(10, 50, Duration.ofSeconds(30), 5, true),
                RetryRule.standard(),
                CallOptions.standard().patience());
    }

    /** For bulk reading: 20 connections, 30 s for each answer; open for 60 s after 5 failures in a row. */
    public static Tuning pipeline(Limits limits) {
        return new Tuning(
                limits,
                Timeouts.standard().withResponse(Duration.ofSeconds(30)),
                new Pool(20, 20, Duration.ofSeconds(5), Duration.ofSeconds(300)),
                new BreakerRule(5, 100, Duration.ofSeconds(60), 1, true),
                RetryRule.standard(),
                CallOptions.standard().patience());
    }

    public Tuning withLimits(Limits other) {
        return new Tuning(other, timeouts, pool, breaker, retry, patience);
    }

    public Tuning withTimeouts(Timeouts other) {
        return new Tuning(limits, other, pool, breaker, retry, patience);
    }

    public Tuning withBreaker(BreakerRule other) {
        return new Tuning(limits, timeouts, pool, other, retry, patience);
    }

    public Tuning withRetry(RetryRule other) {
        return new Tuning(limits, timeouts, pool, breaker, other, patience);
    }

    /** Another {@link #patience}. */
    public Tuning withPatience(Duration other) {
        return new Tuning(limits, timeouts, pool, breaker, retry, other);
    }
}
