package kr.kisgateway.client.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/** Counts what was done in the last minute, so that no sequence of events makes it more than KIS may take for a loop. */
final class Churn {
    static final Duration SPAN = Duration.ofMinutes(1);

    private final int most;
    private final ArrayDeque<Instant> done = new ArrayDeque<>();

    Churn(int most) {
        this.most = most;
    }

    void add(Instant now) {
        if (done.size() == most) {
            done.removeFirst();
        }
        done.addLast(now);
    }

    /** The first instant at which it may be done again. */
    Instant freeAt(Instant now) {
        return done.size() < most ? now : done.getFirst().plus(SPAN);
    }
}
