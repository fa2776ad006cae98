package kr.kisgateway.client;

import java.time.Duration;
import java.util.Optional;
import kr.kisgateway.client.settings.CallSettings;

/**
 * How hard and how patiently a client tries.
 *
 * @param limits what KIS allows
 * @param timeouts how long to wait for what
 * @param pool connections of the REST calls
 * @param breaker when calls are no longer tried
 * @param retry when questions are asked again; orders never are
 * @param callTimeout how long a call may take whose caller says nothing of it, waiting for its turn included
 * @param queueTimeout how long a question waits for its turn, whatever its caller would wait; empty, as long as its caller.
 *     Questions in the lane RESOLVE wait on
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
            throw new IllegalArgumentException("patience and queueTimeout must be longer than nothing");
        }
    }

    /**
     * As it was set, for every program alike.
     *
     * @param limits what KIS allows, lowered where that was set
     */
    public static Tuning of(CallSettings settings, Limits limits) {
        Tuning usual = switch (settings.profile()) {
            case STANDARD -> standard(limits);
            case PIPELINE -> pipeline(limits);
        };
        BreakerRule breaker = usual.breaker();
        return usual.withTimeouts(usual.timeouts().withSilence(settings.silence()))
                .withQueueTimeout(settings.queueTimeout())
                .withBreaker(new BreakerRule(
                        settings.breakerThreshold().orElse(breaker.window()),
                        settings.breakerThreshold().isPresent() ? 100 : breaker.failurePercent(),
                        settings.breakerTimeout().orElse(breaker.open()),
                        breaker.halfOpenCalls(),
                        breaker.orders()));
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

    /** Another {@link #queueTimeout}; what waits longer than {@link #callTimeout} has longer patience, too. */
    public Tuning withQueueTimeout(Optional<Duration> other) {
        Duration longest = other.map(wait -> wait.plus(timeouts.response().multipliedBy(2)))
                .filter(it -> it.compareTo(callTimeout) > 0)
                .orElse(callTimeout);
        return new Tuning(limits, timeouts, pool, breaker, retry, longest, other);
    }
}
