package kr.kisgateway.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what a listener throws and logs one of them a second, with its trace, so that its author can find the place. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger("kis.session");
    private static final Duration LOG_SPACING = Duration.ofSeconds(1);

    private final String listener;
    private final InstantSource clock;
    private volatile long all;
    private long unlogged;
    private Instant loggedAt = Instant.MIN;

    Failures(String listener, InstantSource clock) {
        this.listener = listener;
        this.clock = clock;
    }

    long all() {
        return all;
    }

    /** Only the listener's own thread calls it. */
    void add(Throwable bug) {
        all++;
        unlogged++;
        Instant now = clock.instant();
        if (!now.isBefore(loggedAt)) {
            LOG.error("listener_failed listener={} more={} in_all={}", listener, unlogged, all, bug);
            unlogged = 0;
            loggedAt = now.plus(LOG_SPACING);
        }
    }
}
