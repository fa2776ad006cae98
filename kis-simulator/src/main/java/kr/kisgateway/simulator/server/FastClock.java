package kr.kisgateway.simulator.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Time that begins at an instant of one's choice and runs a whole number of times as fast as another clock's. A broker
 * whose day takes half an hour still sends its PINGPONGs over a real socket, so it is {@value #MAX_SPEED} times at most.
 */
public final class FastClock implements InstantSource {
    /** A program that answers a PINGPONG within 100 s of the broker's time has 1.7 s for it then. */
    public static final int MAX_SPEED = 60;

    private final InstantSource real;
    private final int speed;
    private final Instant realStart;
    private final Instant start;

    /**
     * @param real what runs at the usual speed; its time now is the start
     * @param speed from 1 to {@link #MAX_SPEED}
     * @param start what this clock shows now
     */
    public FastClock(InstantSource real, int speed, Instant start) {
        if (speed < 1 || speed > MAX_SPEED) {
            throw new IllegalArgumentException(
                    "a clock runs 1 to " + MAX_SPEED + " times as fast as real time, not " + speed);
        }
        this.real = real;
        this.speed = speed;
        this.realStart = real.instant();
        this.start = start;
    }

    @Override
    public Instant instant() {
        return start.plus(Duration.between(realStart, real.instant()).multipliedBy(speed));
    }

    /** How many times as fast as real time it runs. */
    public int speed() {
        return speed;
    }
}
