package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;

/**
 * The clocks of a machine. Both run at a rate of its own; the wall clock is off and steps, and the monotonic one stands still while
 * the machine is suspended.
 */
final class NodeClock {
    private static final long MILLION = 1_000_000;
    /** Nanoseconds that make a wait rather too long than too short. */
    private static final long CEILING = 2_000;

    private final Loop loop;
    private long ppm;
    private Instant since;
    private Instant wallSince;
    private long nanosSince;
    private Duration suspended = Duration.ZERO;
    private boolean wasSetBack;

    /**
     * @param error of the wall clock
     * @param ppm how many microseconds a second both clocks are too fast
     */
    NodeClock(Loop loop, Duration error, long ppm) {
        this.loop = loop;
        this.ppm = ppm;
        this.since = loop.now();
        this.wallSince = loop.now().plus(error);
    }

    private long elapsed() {
        long nanos = Duration.between(since, loop.now()).toNanos();
        return nanos + Math.floorDiv(nanos * ppm, MILLION);
    }

    /** The monotonic clock, in nanoseconds. */
    long nanos() {
        return nanosSince + elapsed() - suspended.toNanos();
    }

    /** The wall clock. */
    Instant wall() {
        return wallSince.plusNanos(elapsed());
    }

    /** The true time that passes while the clocks advance by {@code span}. */
    Duration trueTime(Duration span) {
        long nanos = Math.max(0, span.toNanos());
        return Duration.ofNanos(nanos - Math.floorDiv(nanos * ppm, MILLION) + CEILING);
    }

    /** The wall clock is set. */
    void step(Duration by) {
        wallSince = wallSince.plus(by);
        wasSetBack |= by.isNegative();
    }

    /**
     * The machine was suspended for {@code time}, and its monotonic clock stood still. One whose wall clock was set back before was
     * stopped instead: until that clock has caught up, the gateway's clock does not count a suspension completely.
     */
    void suspended(Duration time) {
        if (!wasSetBack) {
            suspended = suspended.plus(time);
        }
    }

    /** The wall clock shows the true time, and both run at its rate. */
    void correct() {
        nanosSince += elapsed();
        since = loop.now();
        wallSince = since;
        ppm = 0;
    }
}
