package kr.kisgateway.market;

import java.time.Instant;

/**
 * A phase and the time for which the tables have it: {@code from} belongs to it, {@code until} does not. The random end of
 * an auction comes on top and is not in here.
 */
public record PhaseWindow(Phase phase, Instant from, Instant until) {
    public PhaseWindow {
        if (!from.isBefore(until)) {
            throw new IllegalArgumentException("a phase begins before it ends, not " + from + "-" + until);
        }
    }
}
