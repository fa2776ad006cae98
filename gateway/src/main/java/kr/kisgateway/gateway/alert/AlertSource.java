package kr.kisgateway.gateway.alert;

import java.time.InstantSource;

/** Raises and settles the alerts of one kind, level P2, for a component that detects when they are over. */
public final class AlertSource {
    private final AlertLog log;
    private final AlertEvent kind;
    private final InstantSource clock;

    public AlertSource(AlertLog log, AlertEvent kind, InstantSource clock) {
        this.log = log;
        this.kind = kind;
        this.clock = clock;
    }

    /** @param subject what it is about, the key of {@link #settle} */
    public void raise(String subject, String message) {
        log.raise(Alert.of(clock.instant(), "P2", kind, subject, message));
    }

    /** Settles the alerts about {@code subject}. */
    public void settle(String subject) {
        log.settle(kind, subject, clock.instant());
    }
}
