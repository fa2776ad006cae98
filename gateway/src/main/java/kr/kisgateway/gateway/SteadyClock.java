package kr.kisgateway.gateway;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The wall clock as the gateway uses it: it follows the machine's, but never goes back. While the machine's is behind,
 * because somebody set it back, this one goes on at the pace of the monotonic clock: deadlines pass and questions are
 * asked as ever. Set ahead, it follows at once: what waited ends unsent, which harms nobody, and the trading day is right.
 *
 * <p>Weak spot: a clock that was ahead and is then corrected leaves this one ahead until the next start; {@link #measureStep} tells.
 */
final class SteadyClock implements InstantSource {
    private final InstantSource wall;
    private final LongSupplier nanos;
    private final long startOffset;
    /** Nanoseconds since 1970 less those of the monotonic clock; only grows. */
    private final AtomicLong offset;

    private long lastOffset;

    /** @param nanos a clock that nobody sets, from whatever beginning */
    SteadyClock(InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        this.lastOffset = measureOffset();
        this.offset = new AtomicLong(lastOffset);
        this.startOffset = lastOffset;
    }

    @Override
    public Instant instant() {
        long now = measureOffset();
        long steadyOffset = offset.accumulateAndGet(now, Math::max);
        return Instant.EPOCH.plusNanos(steadyOffset + nanos.getAsLong());
    }

    /** The same from the moment of the start, and at the pace of the monotonic clock whatever the wall clock does. */
    InstantSource monotonicClock() {
        return () -> Instant.EPOCH.plusNanos(startOffset + nanos.getAsLong());
    }

    /** By how much the wall clock was set since this was asked last: ahead, or back when negative. One thread at a time. */
    Duration measureStep() {
        long now = measureOffset();
        Duration step = Duration.ofNanos(now - lastOffset);
        lastOffset = now;
        return step;
    }

    /** How far the machine's clock is behind this one. */
    Duration aheadOfWall() {
        return Duration.ofNanos(Math.max(0, offset.get() - measureOffset()));
    }

    /** The wall first: what passes between the two makes it look late, which the greatest of all measurements is not. */
    private long measureOffset() {
        Instant at = wall.instant();
        return Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L) + at.getNano() - nanos.getAsLong();
    }
}
