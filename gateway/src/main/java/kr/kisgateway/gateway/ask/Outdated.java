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
public final class Outdated<K> {
    private record Mark(long step, Instant at) {}

    private final Cache<K, Mark> marks;
    private final AtomicLong steps = new AtomicLong();
    private final InstantSource clock;

    public Outdated(int most, InstantSource clock) {
        this.marks = Caffeine.newBuilder().maximumSize(most).build();
        this.clock = clock;
    }

    /** To be read before KIS, or a shelf, is asked. */
    public long step() {
        return steps.get();
    }

    /** Whatever is kept of {@code key}, or on its way, is wrong. To be called before it is thrown away. */
    public void mark(K key) {
        var mark = new Mark(steps.incrementAndGet(), clock.instant());
        marks.asMap().merge(key, mark, (known, other) -> other.step() > known.step() ? other : known);
    }

    /** The step at which {@code key} was last wrong; 0 when it never was. */
    public long since(K key) {
        return found(key).map(Mark::step).orElse(0L);
    }

    /** Whether what KIS said of {@code key} at {@code at} is from before that. */
    public boolean covers(K key, Instant at) {
        return found(key).filter(mark -> !at.isAfter(mark.at())).isPresent();
    }

    private Optional<Mark> found(K key) {
        return Optional.ofNullable(marks.getIfPresent(key));
    }
}
