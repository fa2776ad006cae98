package kr.kisgateway.gateway.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When cached data of a key was last invalidated: as a step, which decides whether a call in flight began before it, and as a
 * time, which decides the same for data stored by another process. Bounded: evicted keys count as never invalidated.
 *
 * @param <K> key of the cached data
 */
public final class Invalidations<K> {
    private record Invalidation(long step, Instant at) {}

    private final Cache<K, Invalidation> invalidations;
    private final AtomicLong steps = new AtomicLong();
    private final InstantSource clock;

    public Invalidations(long maximumSize, InstantSource clock) {
        this.invalidations = Caffeine.newBuilder().maximumSize(maximumSize).build();
        this.clock = clock;
    }

    /** The current step; read it before requesting from KIS or the shared cache. */
    public long currentStep() {
        return steps.get();
    }

    /** Invalidates data of {@code key}, cached or in flight. Call it before dropping the cached data. */
    public void invalidate(K key) {
        var invalidation = new Invalidation(steps.incrementAndGet(), clock.instant());
        invalidations
                .asMap()
                .merge(key, invalidation, (current, other) -> other.step() > current.step() ? other : current);
    }

    /** Step of the last invalidation of {@code key}; 0 when there was none. */
    public long lastStep(K key) {
        return find(key).map(Invalidation::step).orElse(0L);
    }

    /** Whether an answer about {@code key} received at {@code at} precedes the invalidation. */
    public boolean isInvalidated(K key, Instant at) {
        return find(key).filter(invalidation -> !at.isAfter(invalidation.at())).isPresent();
    }

    private Optional<Invalidation> find(K key) {
        return Optional.ofNullable(invalidations.getIfPresent(key));
    }
}
