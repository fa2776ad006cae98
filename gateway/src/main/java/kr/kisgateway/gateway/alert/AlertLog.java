package kr.kisgateway.gateway.alert;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import kr.kisgateway.gateway.meter.Meters;

/** The last {@value #CAPACITY} alerts; the oldest are dropped. */
public final class AlertLog {
    /** Alerts retained in memory. */
    public static final int CAPACITY = 1_000;

    private final Deque<Alert> alerts = new ArrayDeque<>();
    private final List<Consumer<Alert>> listeners = new CopyOnWriteArrayList<>();
    private volatile AlertPolicy policy = AlertPolicy.standard();
    private long raised;

    /** A log that no part listens to yet. */
    public AlertLog() {}

    /** A log with its first listener. */
    public AlertLog(Consumer<Alert> listener) {
        attach(listener);
    }

    /** Adds a listener, which receives each alert from now on; called by the thread that raises it, must not wait. */
    public void attach(Consumer<Alert> listener) {
        listeners.add(listener);
    }

    /** Kinds that are off, levels and figures from now on. */
    public void use(AlertPolicy changed) {
        policy = changed;
    }

    /** The present one. */
    public AlertPolicy policy() {
        return policy;
    }

    /** Adds an alert, unless its kind is off; one that reports something complete is settled at once. */
    public void raise(Alert alert) {
        var used = policy;
        if (!used.isOn(alert.kind())) {
            return;
        }
        var levelled = used.level(alert.kind()).map(alert::withLevel).orElse(alert);
        var taken = alert.kind().settlesWhen() == AlertEvent.SettlesWhen.IMMEDIATELY
                ? levelled.settled(levelled.at())
                : levelled;
        store(taken);
        publish(taken);
    }

    /**
     * Settles the open alerts of {@code kind} about {@code subject}: the list shows since when, and the stream publishes
     * them once more.
     */
    public void settle(AlertEvent kind, String subject, Instant at) {
        markSettled(kind, subject, at.truncatedTo(ChronoUnit.MILLIS)).forEach(this::publish);
    }

    private synchronized List<Alert> markSettled(AlertEvent kind, String subject, Instant at) {
        if (alerts.stream().noneMatch(it -> it.isOpen(kind, subject))) {
            return List.of();
        }
        var settled = new ArrayList<Alert>();
        var snapshot = List.copyOf(alerts);
        alerts.clear();
        for (Alert alert : snapshot) {
            if (alert.isOpen(kind, subject)) {
                settled.addFirst(alert.settled(at)); // the oldest first, as they were raised
                alerts.addLast(settled.getFirst());
            } else {
                alerts.addLast(alert);
            }
        }
        return settled;
    }

    /** Registers the meters. */
    public void bindTo(Meters meters) {
        meters.cacheLimit("alerts", this::size, CAPACITY);
    }

    private synchronized int size() {
        return alerts.size();
    }

    private void publish(Alert alert) {
        listeners.forEach(listener -> listener.accept(alert));
    }

    private synchronized void store(Alert alert) {
        if (alerts.size() == CAPACITY) {
            alerts.removeLast();
        }
        alerts.addFirst(alert);
        raised++;
    }

    /** The newest alerts, newest first. */
    public synchronized List<Alert> newest(int limit) {
        return alerts.stream().limit(limit).toList();
    }

    /** How many retained alerts of {@code kind} are not settled. */
    public synchronized long open(AlertEvent kind) {
        return alerts.stream()
                .filter(it -> it.kind() == kind && it.settledAt().isEmpty())
                .count();
    }

    /** How many were raised since the start, dropped ones included. */
    public synchronized long raised() {
        return raised;
    }
}
