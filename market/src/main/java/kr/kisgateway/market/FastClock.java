package kr.kisgateway.market;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that starts at a chosen instant and runs a whole number of times as fast as another. A broker whose day takes half
 * an hour still sends its PINGPONGs over a real socket, so it is {@value #MAX_SPEED} times at most.
 */
public final class FastClock implements InstantSource {
    /** A program that answers a PINGPONG within 100 s of the broker's time then has 1.7 s for it. */
    public static final int MAX_SPEED = 60;

    private final InstantSource real;
    private final int speed;
    private final Instant realStart;
    private final Instant start;

    /**
     * A clock that is at its start now.
     *
     * @param real the clock of normal speed
     * @param speed from 1 to {@link #MAX_SPEED}
     * @param start the current time of this clock
     */
    public FastClock(InstantSource real, int speed, Instant start) {
        this(real, real.instant(), speed, start);
    }

    /** A clock that is at its start when {@code real} is at {@code origin}. */
    FastClock(InstantSource real, Instant origin, int speed, Instant start) {
        if (speed < 1 || speed > MAX_SPEED) {
            throw new IllegalArgumentException(
                    "a clock runs 1 to " + MAX_SPEED + " times as fast as real time, not " + speed);
        }
        this.real = real;
        this.speed = speed;
        this.realStart = origin;
        this.start = start;
    }

    @Override
    public Instant instant() {
        return start.plus(Duration.between(realStart, real.instant()).multipliedBy(speed));
    }

    /** The speed as a multiple of real time. */
    public int speed() {
        return speed;
    }
}
