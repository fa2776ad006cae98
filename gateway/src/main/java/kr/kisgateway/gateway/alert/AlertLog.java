package kr.kisgateway.gateway.alert;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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
