package kr.kisgateway.client.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts a listener's exceptions and logs one of them a second, with its stack trace. */
final class ListenerFailures {
    private static final Logger LOG = LoggerFactory.getLogger("kis.session");
    private static final Duration LOG_SPACING = Duration.ofSeconds(1);

    private final String listener;
    private final InstantSource clock;
    private volatile long total;
    private long unlogged;
    private Instant loggedAt = Instant.MIN;

    ListenerFailures(String listener, InstantSource clock) {
        this.listener = listener;
        this.clock = clock;
    }

    long total() {
        return total;
    }

    /** Only the listener's own thread calls it. */
    void add(Throwable bug) {
        total++;
        unlogged++;
        Instant now = clock.instant();
        if (!now.isBefore(loggedAt)) {
            LOG.error("listener_failed listener={} more={} in_all={}", listener, unlogged, total, bug);
            unlogged = 0;
            loggedAt = now.plus(LOG_SPACING);
        }
    }
}
