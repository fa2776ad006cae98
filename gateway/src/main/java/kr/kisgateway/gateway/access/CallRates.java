package kr.kisgateway.gateway.access;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls per second and key: a token bucket with a capacity of one second that refills steadily. One entry per key, so
 * the number of keys bounds it.
 */
final class CallRates {
    private static final long SECOND = 1_000_000_000L;

    private static final class Bucket {
        /** Time, in nanoseconds, up to which calls are charged. */
        private long paidUntil;

        private Bucket(long now) {
            this.paidUntil = now - SECOND;
        }
    }

    private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();

    /**
     * Takes one call of {@code key}.
     *
     * @param at of a clock that never goes back
     * @return how long to wait when none is left
     */
    Optional<Duration> take(String key, int perSecond, Instant at) {
        long now = Math.addExact(Math.multiplyExact(at.getEpochSecond(), SECOND), at.getNano());
        var bucket = buckets.computeIfAbsent(key, _ -> new Bucket(now));
        long interval = SECOND / perSecond;
        synchronized (bucket) {
            long from = Math.max(bucket.paidUntil, now - SECOND);
            if (from + interval > now) {
                return Optional.of(Duration.ofNanos(from + interval - now));
            }
            bucket.paidUntil = from + interval;
            return Optional.empty();
        }
    }

    /** Removes {@code key}, which no longer exists. */
    void remove(String key) {
        buckets.remove(key);
    }
}
