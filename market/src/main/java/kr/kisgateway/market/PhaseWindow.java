package kr.kisgateway.market;

import java.time.Instant;

/**
 * A phase and its scheduled time: {@code from} is included, {@code until} is not. The random end of an auction is not
 * included.
 */
public record PhaseWindow(Phase phase, Instant from, Instant until) {
    public PhaseWindow {
        if (!from.isBefore(until)) {
            throw new IllegalArgumentException("a phase begins before it ends, not " + from + "-" + until);
        }
    }
}
