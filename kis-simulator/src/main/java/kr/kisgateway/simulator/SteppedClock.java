package kr.kisgateway.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that stands still until it is advanced, for tests in which an hour passes at once. The simulator
 * notices a step within 200 ms, and at once when the next call arrives.
 */
public final class SteppedClock implements InstantSource {
    private final AtomicReference<Instant> now;

    public SteppedClock(Instant start) {
        now = new AtomicReference<>(start);
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    /** Advances the time by this much. */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time does not go back");
        }
        now.updateAndGet(instant -> instant.plus(time));
    }
}
