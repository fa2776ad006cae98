package kr.kisgateway.gateway.lease;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A lease that this process holds, as far as it can know without asking the database.
 *
 * <p>Thread-safe. The holder counts its time from before each renewal was sent, by two clocks: one that never steps and one that also
 * counts while the machine is suspended. The lease is over for it when either says so, {@link LeaseTimes#margin} before the database
 * would give it to another.
 */
public final class Lease {
    private final String name;
    private final long epoch;
    private final LeaseTimes times;
    private final LongSupplier nanos;
    private final InstantSource clock;
    private volatile Moment until;
    private volatile boolean lost;

    /** A moment by both clocks. */
    public record Moment(long nanos, Instant at) {
        private Moment plus(Duration time) {
            return new Moment(nanos + time.toNanos(), at.plus(time));
        }
    }

    /**
     * A lease that the database gave to this process.
     *
     * @param nanos never steps
     * @param clock goes on while the machine is suspended
     * @param start before the call that took it
     */
    public Lease(String name, long epoch, LeaseTimes times, LongSupplier nanos, InstantSource clock, Moment start) {
        this.name = name;
        this.epoch = epoch;
        this.times = times;
        this.nanos = nanos;
        this.clock = clock;
        this.until = until(start);
    }

    private Moment until(Moment start) {
        return start.plus(times.ttl().minus(times.margin()));
    }

    /** The moment before a call that extends the lease. */
    public Moment now() {
        return new Moment(nanos.getAsLong(), clock.instant());
    }

    /** The database extended the lease by a call that was begun at {@code start}. */
    public void extend(Moment start) {
        until = until(start);
    }

    /** Another process has it, or had it since: what holds it notices. */
    public void lose() {
        lost = true;
    }

    public String name() {
        return name;
    }

    /** The number of this ownership: higher than that of every earlier one. */
    public long epoch() {
        return epoch;
    }

    /** Whether no other can own it now. What may be done by the owner alone is done only while this is true. */
    public boolean isHeld() {
        Moment end = until;
        return !lost && nanos.getAsLong() - end.nanos() < 0 && clock.instant().isBefore(end.at());
    }

    /** Whether another may own it by now, as far as this process knows: it was not renewed for the whole of its time. */
    public boolean isOver() {
        Moment end = until.plus(times.margin());
        return lost || nanos.getAsLong() - end.nanos() >= 0 || !clock.instant().isBefore(end.at());
    }

    /** Until when no other can own it, without a further renewal; the past when it is lost. */
    public Instant heldUntil() {
        return lost ? Instant.EPOCH : until.at();
    }

    /** Whether another process has had it since: this one never holds it again. */
    public boolean isLost() {
        return lost;
    }

    @Override
    public String toString() {
        return name + "/" + epoch;
    }
}
