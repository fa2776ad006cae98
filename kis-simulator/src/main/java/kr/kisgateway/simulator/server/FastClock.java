package kr.kisgateway.simulator.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Time that begins at an instant of one's choice and runs a whole number of times as fast as another clock's. A broker
 * whose day takes half an hour still sends its PINGPONGs over a real socket, so it is {@value #FASTEST} times at most.
 */
public final class FastClock implements InstantSource {
    /** A program that answers a PINGPONG within 100 s of the broker's time has 1.7 s for it then. */
    public static final int FASTEST = 60;

    private final InstantSource real;
    private final int times;
    private final Instant realStart;
    private final Instant start;

    /**
     * @param real what runs at the usual speed; its time now is the start
     * @param times from 1 to {@link #FASTEST}
     * @param start what this clock shows now
     */
    public FastClock(InstantSource real, int times, Instant start) {
        if (times < 1 || times > FASTEST) {
            throw new IllegalArgumentException(
                    "a clock runs 1 to " + FASTEST + " times as fast as real time, not " + times);
        }
        this.real = real;
        this.times = times;
        this.realStart = real.instant();
        this.start = start;
    }

    @Override
    public Instant instant() {
        return start.plus(Duration.between(realStart, real.instant()).multipliedBy(times));
    }

    /** How many times as fast as real time it runs. */
    public int times() {
        return times;
    }
}
