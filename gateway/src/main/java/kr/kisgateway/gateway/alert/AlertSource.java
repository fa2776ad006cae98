package kr.kisgateway.gateway.alert;

import java.time.InstantSource;

/** Raises and settles the alerts of one kind and level, for a component that detects when they are over. */
public final class AlertSource {
    private final AlertLog log;
    private final AlertEvent kind;
    private final String level;
    private final InstantSource clock;

    /** Alerts of level P2. */
    public AlertSource(AlertLog log, AlertEvent kind, InstantSource clock) {
        this(log, kind, "P2", clock);
    }

    /** @param level {@code P1}, {@code P2} or {@code P3} */
    public AlertSource(AlertLog log, AlertEvent kind, String level, InstantSource clock) {
        this.log = log;
        this.kind = kind;
        this.level = level;
        this.clock = clock;
    }

    /** The kind of its alerts. */
    public AlertEvent kind() {
        return kind;
    }

    /** @param subject what it is about, the key of {@link #settle} */
    public void raise(String subject, String message) {
        log.raise(Alert.of(clock.instant(), level, kind, subject, message));
    }

    /** Settles the alerts about {@code subject}. */
    public void settle(String subject) {
        log.settle(kind, subject, clock.instant());
    }
}
