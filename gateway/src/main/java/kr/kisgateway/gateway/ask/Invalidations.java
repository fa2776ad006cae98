package kr.kisgateway.gateway.ask;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When what is kept of a key was last known to be wrong: by a step, which says of a call on its way whether it left before
 * that, and by time, which says it of what another process kept. Bounded: of keys past it nothing is known.
 *
 * @param <K> what is kept
 */
public final class Invalidations<K> {
    private record Invalidation(long step, Instant at) {}

    private final Cache<K, Invalidation> invalidations;
    private final AtomicLong steps = new AtomicLong();
    private final InstantSource clock;

    public Invalidations(int maximumSize, InstantSource clock) {
        this.invalidations = Caffeine.newBuilder().maximumSize(maximumSize).build();
        this.clock = clock;
    }

    /** To be read before KIS, or a shelf, is asked. */
    public long currentStep() {
        return steps.get();
    }

    /** Whatever is kept of {@code key}, or on its way, is wrong. To be called before it is thrown away. */
    public void invalidate(K key) {
        var invalidation = new Invalidation(steps.incrementAndGet(), clock.instant());
        invalidations
                .asMap()
                .merge(key, invalidation, (current, other) -> other.step() > current.step() ? other : current);
    }

    /** The step at which {@code key} was last wrong; 0 when it never was. */
    public long lastStep(K key) {
        return find(key).map(Invalidation::step).orElse(0L);
    }

    /** Whether what KIS said of {@code key} at {@code at} is from before that. */
    public boolean isInvalidated(K key, Instant at) {
        return find(key).filter(invalidation -> !at.isAfter(invalidation.at())).isPresent();
    }

    private Optional<Invalidation> find(K key) {
        return Optional.ofNullable(invalidations.getIfPresent(key));
    }
}
