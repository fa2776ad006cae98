package kr.kisgateway.gateway.alert;

import java.time.InstantSource;

/** Raises and settles the alerts of one kind, level P2, for a part that knows when they are over. */
public final class AlertSource {
    private final AlertLog log;
    private final AlertEvent kind;
    private final InstantSource clock;

    public AlertSource(AlertLog log, AlertEvent kind, InstantSource clock) {
        this.log = log;
        this.kind = kind;
        this.clock = clock;
    }

    /** @param subject what it is about; by it {@link #settle} finds the alert */
    public void raise(String subject, String message) {
        log.raise(Alert.of(clock.instant(), "P2", kind, subject, message));
    }

    /** What was raised about {@code subject} is over. */
    public void settle(String subject) {
        log.settle(kind, subject, clock.instant());
    }
}
