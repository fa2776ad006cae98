package kr.kisgateway.gateway.access;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;

/**
 * Calls per period and key: a token bucket with the capacity of one period, a second by default, that refills steadily. One
 * entry per key, so the number of keys bounds it.
 */
public final class CallRates {
    private static final long SECOND = 1_000_000_000L;

    private static final class Bucket {
        /** Time, in nanoseconds, up to which calls are charged. */
        private long paidUntil;

        private Bucket(long paidUntil) {
            this.paidUntil = paidUntil;
        }
    }

    private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();
    private final long period;

    public CallRates() {
        this(Duration.ofSeconds(1));
    }

    CallRates(Duration period) {
        this.period = period.toNanos();
    }

    /**
     * Takes one call of {@code key}.
     *
     * @param at of a clock that never goes back
     * @return how long to wait when none is left
     */
    Optional<Duration> take(String key, int perPeriod, Instant at) {
        long now = Math.addExact(Math.multiplyExact(at.getEpochSecond(), SECOND), at.getNano());
        var bucket = buckets.computeIfAbsent(key, _ -> new Bucket(now - period));
        long interval = period / perPeriod;
        synchronized (bucket) {
            long from = Math.max(bucket.paidUntil, now - period);
            if (from + interval > now) {
                return Optional.of(Duration.ofNanos(from + interval - now));
            }
            bucket.paidUntil = from + interval;
            return Optional.empty();
        }
    }

    /**
     * As {@link #take}; refuses the call when none is left.
     *
     * @param message of the refusal
     */
    public void takeOrRefuse(String key, int perPeriod, Instant at, String message) {
        take(key, perPeriod, at).ifPresent(wait -> {
            throw new RefusedException(
                    Refusal.of(ErrorCode.QUOTA_EXCEEDED, message).retryAfter(wait));
        });
    }

    /** Removes {@code key}, which no longer exists. */
    void remove(String key) {
        buckets.remove(key);
    }
}
