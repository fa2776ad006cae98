package kr.kisgateway.gateway.access;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls per period and key: a token bucket with the capacity of one period, a second by default, that refills steadily. One
 * entry per key, so the number of keys bounds it.
 */
final class CallRates {
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

    CallRates() {
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

    /** Removes {@code key}, which no longer exists. */
    void remove(String key) {
        buckets.remove(key);
    }
}
