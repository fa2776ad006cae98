package kr.kisgateway.gateway;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import kr.kisgateway.market.FastTime;

/**
 * The gateway's wall clock: it follows the machine's clock, but never goes back. While the machine's clock is behind
 * because it was set back, this one continues at the pace of the monotonic clock: deadlines and request schedules are
 * unaffected. Set ahead, it follows at once: queued requests expire unsent, which is harmless, and the trading day is
 * right.
 *
 * <p>Weak spot: a clock that was ahead and is then corrected leaves this one ahead until the next start; {@link
 * #measureStep} reports it.
 */
public final class SteadyClock implements InstantSource {
    private final InstantSource wall;
    private final LongSupplier nanos;
    private final LongSupplier realNanos;
    private final long startOffset;
    /** Nanoseconds since 1970 minus those of the monotonic clock; never decreases. */
    private final AtomicLong offset;

    private long lastOffset;

    /** @param nanos a monotonic clock with an arbitrary origin */
    public SteadyClock(InstantSource wall, LongSupplier nanos) {
        this(wall, nanos, nanos);
    }

    /** @param realNanos for durations; {@code nanos} runs at the pace of {@code wall} */
    private SteadyClock(InstantSource wall, LongSupplier nanos, LongSupplier realNanos) {
        this.wall = wall;
        this.nanos = nanos;
        this.realNanos = realNanos;
        this.lastOffset = measureOffset();
        this.offset = new AtomicLong(lastOffset);
        this.startOffset = lastOffset;
    }

    /**
     * A clock of {@code time} that follows the monotonic clock from now on, at its speed. Durations that {@link #nanos}
     * measures are real: those of networks, threads and answers.
     *
     * @param machine the machine's clock, asked once
     */
    static SteadyClock fast(FastTime time, InstantSource machine, LongSupplier nanos) {
        long origin = nanos.getAsLong();
        Instant start = machine.instant();
        var wall = time.from(() -> start.plusNanos(nanos.getAsLong() - origin));
        return new SteadyClock(wall, () -> (nanos.getAsLong() - origin) * time.speed(), nanos);
    }

    @Override
    public Instant instant() {
        long now = measureOffset();
        long steadyOffset = offset.accumulateAndGet(now, Math::max);
        return Instant.EPOCH.plusNanos(steadyOffset + nanos.getAsLong());
    }

    /** Starts at the wall time of the call and runs at the pace of the monotonic clock, unaffected by clock changes. */
    InstantSource monotonicClock() {
        return () -> Instant.EPOCH.plusNanos(startOffset + nanos.getAsLong());
    }

    /** Nanoseconds of the monotonic clock, with any origin: for durations, without an object for each reading. */
    LongSupplier nanos() {
        return realNanos;
    }

    /** Step of the wall clock since the last call: positive ahead, negative back. For one thread. */
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

    /**
     * Wall clock first: a delay between the two reads makes it appear late, which the maximum of all measurements is
     * not.
     */
    private long measureOffset() {
        Instant at = wall.instant();
        return Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L) + at.getNano() - nanos.getAsLong();
    }
}
