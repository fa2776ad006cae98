package kr.kisgateway.gateway.alert;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The last {@value #KEPT} alerts; the oldest give way. */
public final class AlertLog {
    /** Alerts kept in memory. */
    public static final int KEPT = 1_000;

    private final Deque<Alert> alerts = new ArrayDeque<>();
    private final Consumer<Alert> told;
    private long raised;

    /** @param told hears each alert; called by whoever raises it, must not wait */
    public AlertLog(Consumer<Alert> told) {
        this.told = told;
    }

    /** Takes one in. */
    public void raise(Alert alert) {
        keep(alert);
        told.accept(alert);
    }

    /** What {@code alert} is about is over: whoever lists it sees since when, and the stream gets it once more. */
    public void settle(Alert alert, Instant at) {
        replace(alert, alert.settled(at)).ifPresent(told);
    }

    private synchronized Optional<Alert> replace(Alert alert, Alert settled) {
        List<Alert> kept = new ArrayList<>(alerts);
        int index = kept.indexOf(alert);
        if (index < 0) {
            return Optional.empty(); // newer ones have taken its place
        }
        kept.set(index, settled);
        alerts.clear();
        alerts.addAll(kept);
        return Optional.of(settled);
    }

    private synchronized void keep(Alert alert) {
        if (alerts.size() == KEPT) {
            alerts.removeLast();
        }
        alerts.addFirst(alert);
        raised++;
    }

    /** The newest, newest first. */
    public synchronized List<Alert> newest(int limit) {
        return alerts.stream().limit(limit).toList();
    }

    /** How many were raised since the start, those that gave way included. */
    public synchronized long raised() {
        return raised;
    }
}
