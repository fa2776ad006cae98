package kr.kisgateway.gateway.alert;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Reports a condition once for each subject, however often it is observed, until it settles. As many subjects are retained as are
 * open: callers name those of a bounded set alone.
 */
public final class RepeatedAlert {
    private final AlertSource source;
    private final InstantSource clock;
    /** When each open subject was last observed; guarded by itself. */
    private final Map<String, Instant> open = new HashMap<>();

    public RepeatedAlert(AlertSource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    /** The condition is met; raises the alert unless it is open. */
    public void observe(String subject, String message) {
        boolean isNew;
        synchronized (open) {
            isNew = open.put(subject, clock.instant()) == null;
        }
        if (isNew) {
            source.raise(subject, message);
        }
    }

    /** The condition is over. */
    public void settle(String subject) {
        boolean wasOpen;
        synchronized (open) {
            wasOpen = open.remove(subject) != null;
        }
        if (wasOpen) {
            source.settle(subject);
        }
    }

    /** Settles what was not observed for {@code quiet}. */
    public void settleQuiet(Duration quiet) {
        Instant before = clock.instant().minus(quiet);
        Map<String, Instant> snapshot;
        synchronized (open) {
            snapshot = Map.copyOf(open);
        }
        snapshot.forEach((subject, last) -> {
            if (!last.isAfter(before)) {
                settle(subject);
            }
        });
    }
}
