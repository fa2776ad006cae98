package kr.kisgateway.client;

import java.time.Duration;
import java.util.Optional;

/**
 * Limits, timeouts and retries of a client.
 *
 * @param limits what KIS allows
 * @param timeouts timeouts of connections, answers and the socket
 * @param pool connections of the REST calls
 * @param breaker when calls are suspended
 * @param retry when queries are retried; orders never are
 * @param callTimeout timeout of a call without its own, waiting for its slot included
 * @param queueTimeout how long a query waits for its slot, whatever its own timeout; empty, as long as its timeout.
 *     Queries in the lane RESOLVE are exempt
 */
public record Tuning(
        Limits limits,
        Timeouts timeouts,
        Pool pool,
        BreakerRule breaker,
        RetryRule retry,
        Duration callTimeout,
        Optional<Duration> queueTimeout) {
    public Tuning {
        if (!callTimeout.isPositive()
                || queueTimeout.filter(it -> !it.isPositive()).isPresent()) {
            throw new IllegalArgumentException("callTimeout and queueTimeout must be positive");
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
                CallOptions.standard().timeout(),
                Optional.empty());
    }

    /** For bulk reading: 20 connections, 30 s for each answer; open for 60 s after 5 failures in a row. */
    public static Tuning pipeline(Limits limits) {
        return new Tuning(
                limits,
                Timeouts.standard().withResponse(Duration.ofSeconds(30)),
                new Pool(20, 20, Duration.ofSeconds(5), Duration.ofSeconds(300)),
                new BreakerRule(5, 100, Duration.ofSeconds(60), 1, true),
                RetryRule.standard(),
                CallOptions.standard().timeout(),
                Optional.empty());
    }

    public Tuning withLimits(Limits other) {
        return new Tuning(other, timeouts, pool, breaker, retry, callTimeout, queueTimeout);
    }

    public Tuning withTimeouts(Timeouts other) {
        return new Tuning(limits, other, pool, breaker, retry, callTimeout, queueTimeout);
    }

    public Tuning withBreaker(BreakerRule other) {
        return new Tuning(limits, timeouts, pool, other, retry, callTimeout, queueTimeout);
    }

    public Tuning withRetry(RetryRule other) {
        return new Tuning(limits, timeouts, pool, breaker, other, callTimeout, queueTimeout);
    }

    /** Another {@link #callTimeout}. */
    public Tuning withCallTimeout(Duration other) {
        return new Tuning(limits, timeouts, pool, breaker, retry, other, queueTimeout);
    }

    /** Another {@link #queueTimeout}; a longer one raises {@link #callTimeout}, too. */
    public Tuning withQueueTimeout(Optional<Duration> other) {
        Duration longest = other.map(wait -> wait.plus(timeouts.response().multipliedBy(2)))
                .filter(it -> it.compareTo(callTimeout) > 0)
                .orElse(callTimeout);
        return new Tuning(limits, timeouts, pool, breaker, retry, longest, other);
    }
}
