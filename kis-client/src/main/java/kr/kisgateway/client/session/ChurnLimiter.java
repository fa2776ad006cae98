package kr.kisgateway.client.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/** Counts actions of the last minute, so that no sequence of events exceeds what KIS may take for a loop. */
final class ChurnLimiter {
    static final Duration SPAN = Duration.ofMinutes(1);

    private final int limit;
    private final ArrayDeque<Instant> recent = new ArrayDeque<>();

    ChurnLimiter(int limit) {
        this.limit = limit;
    }

    void add(Instant now) {
        if (recent.size() == limit) {
            recent.removeFirst();
        }
        recent.addLast(now);
    }

    /** The first instant at which the action is allowed again. */
    Instant freeAt(Instant now) {
        return recent.size() < limit ? now : recent.getFirst().plus(SPAN);
    }
}
