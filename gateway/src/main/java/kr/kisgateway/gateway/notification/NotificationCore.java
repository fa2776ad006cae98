package kr.kisgateway.gateway.notification;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertEvent.SettlesWhen;
import kr.kisgateway.gateway.notification.Notification.About;
import kr.kisgateway.gateway.notification.Notification.Kind;

/**
 * Decides what each channel is sent, and when. Pure and owned by one thread; what it changes is durable before anything is sent.
 *
 * <p>An alert is sent once to each channel of its routes. While its condition persists, and within the time of
 * {@link AlertRules#dedupe()}, another alert about the same subject is only counted; one that returns within that time after it was
 * over is sent when the time has passed, if it persists by then. Its end is sent to the channels that were sent its beginning.
 */
final class NotificationCore {
    /** Notifications that wait; further ones are dropped and counted. */
    static final int WAITING_MAX = 10_000;
    /** Conditions that are remembered; the oldest is forgotten for a further one. */
    static final int INCIDENTS_MAX = 5_000;
    /** Notifications of one message. */
    static final int GROUP_MAX = 10;
    /** A notification that could not be sent for this long is dropped and counted. */
    static final Duration GIVE_UP = Duration.ofHours(24);
    /** A condition of before the restart that was not raised again within this time is over. */
    static final Duration RESTART_GRACE = Duration.ofMinutes(2);

    private static final int TEXT_MAX = 500;

    /** What is to be made durable. */
    sealed interface Change {
        record Put(Notification notification) implements Change {}

        record Remove(long id) implements Change {}

        record PutIncident(Incident incident) implements Change {}

        record RemoveIncident(String key) implements Change {}
    }

    /**
     * Notifications of one message.
     *
     * @param channel name of the channel
     */
    record Batch(String channel, Channel to, List<Notification> notifications) {
        Batch {
            notifications = List.copyOf(notifications);
        }
    }

    private final Map<Long, Notification> waiting = new TreeMap<>();
    private final Map<String, Incident> incidents = new HashMap<>();
    private final Set<String> ofBefore = new HashSet<>();
    private final Instant graceEnds;
    private final List<Change> changes = new ArrayList<>();
    private long lastId;
    private long dropped;
    private AlertRules rules = AlertRules.none();

    /**
     * @param loaded what an earlier process left, marked where it may have been sent
     * @param lastId the highest number that a notification ever had
     */
    NotificationCore(Collection<Notification> loaded, Collection<Incident> known, long lastId, Instant now) {
        loaded.forEach(notification -> waiting.put(notification.id(), notification));
        this.lastId = lastId;
        known.forEach(incident -> {
            incidents.put(incident.about().key(), incident);
            if (incident.open()) {
                ofBefore.add(incident.about().key());
            }
        });
        graceEnds = now.plus(RESTART_GRACE);
    }

    /** New rules: what waits for a channel that they do not have is dropped and counted. */
    void use(AlertRules changed) {
        rules = changed;
        waiting.values().stream()
                .filter(it -> !changed.channels().containsKey(it.channel()))
                .toList()
                .forEach(this::drop);
    }

    /** An alert was raised, or its condition is over. */
    void take(Alert alert, Instant now) {
        boolean isOver = alert.settledAt().isPresent() && alert.kind().settlesWhen() != SettlesWhen.IMMEDIATELY;
        if (isOver) {
            resolve(about(alert).key(), Kind.RESOLVED, now);
        } else {
            raise(alert, now);
        }
    }

    private void raise(Alert alert, Instant now) {
        About about = about(alert);
        ofBefore.remove(about.key());
        Set<String> channels = new HashSet<>(rules.channelsFor(alert));
        channels.remove(failingChannel(alert));
        if (channels.isEmpty()) {
            return;
        }
        Optional<Incident> known = Optional.ofNullable(incidents.get(about.key()));
        boolean isRecent = known.filter(it -> now.isBefore(it.sentAt().plus(rules.dedupe())))
                .isPresent();
        if (isRecent && known.get().open()) {
            put(known.get().repeated());
            return;
        }
        Instant due = isRecent ? known.get().sentAt().plus(rules.dedupe()) : now;
        int repeats = known.map(Incident::repeats).orElse(0);
        boolean persists = alert.kind().settlesWhen() != SettlesWhen.IMMEDIATELY;
        put(new Incident(about, persists, isRecent ? known.get().sentAt() : now, 0, channels));
        channels.forEach(channel -> add(channel, Kind.RAISED, about, due, repeats));
    }

    /** The channel whose failure the alert is about: it cannot report that itself. */
    private static String failingChannel(Alert alert) {
        return alert.kind() == AlertEvent.CHANNEL_FAILED || alert.kind() == AlertEvent.NOTIFICATIONS_LOST
                ? alert.subject()
                : "";
    }

    private void resolve(String key, Kind kind, Instant now) {
        Incident incident = incidents.get(key);
        if (incident == null || !incident.open()) {
            return;
        }
        put(incident.closed());
        incident.channels().forEach(channel -> {
            Optional<Notification> unsent = waiting.values().stream()
                    .filter(it -> it.channel().equals(channel)
                            && it.kind() == Kind.RAISED
                            && it.due().isAfter(now)
                            && it.about().key().equals(key))
                    .findFirst();
            if (unsent.isPresent() && incident.isPostponed()) {
                remove(unsent.get());
            } else {
                add(channel, kind, incident.about(), now, incident.repeats());
            }
        });
    }

    private void add(String channel, Kind kind, About about, Instant now, int repeats) {
        if (waiting.size() >= WAITING_MAX) {
            dropped++;
            return;
        }
        Instant due = rules.opensAt(about.level(), now);
        var notification = new Notification(++lastId, channel, kind, about, due, repeats, false);
        waiting.put(notification.id(), notification);
        changes.add(new Change.Put(notification));
    }

    /** What time alone decides: conditions of before a restart, what is too old, what is remembered too long. */
    void tick(Instant now) {
        if (!ofBefore.isEmpty() && !now.isBefore(graceEnds)) {
            ofBefore.stream()
                    .filter(this::endsByItself)
                    .toList()
                    .forEach(key -> resolve(key, Kind.RESOLVED_BY_RESTART, now));
            ofBefore.clear();
        }
        waiting.values().stream()
                .filter(it -> it.due().plus(GIVE_UP).isBefore(now))
                .toList()
                .forEach(this::drop);
        incidents.values().stream()
                .filter(it -> !it.open() && it.sentAt().plus(rules.dedupe()).isBefore(now))
                .toList()
                .forEach(this::forget);
    }

    private boolean endsByItself(String key) {
        return Optional.ofNullable(incidents.get(key))
                .flatMap(it -> AlertEvent.of(it.about().event()))
                .filter(event -> event.settlesWhen() != SettlesWhen.BY_OPERATOR)
                .isPresent();
    }

    /** The notifications of the next message to a channel; none when nothing is due. The oldest that is due comes first. */
    Optional<Batch> next(String channel, Instant now) {
        Channel known = rules.channels().get(channel);
        if (known == null) {
            return Optional.empty();
        }
        List<Notification> due = waiting.values().stream()
                .filter(it -> it.channel().equals(channel) && !it.due().isAfter(now))
                .limit(known.groups() ? GROUP_MAX : 1)
                .toList();
        return due.isEmpty() ? Optional.empty() : Optional.of(new Batch(channel, known, due));
    }

    /** The message was delivered. */
    void delivered(Batch batch) {
        for (Notification notification : batch.notifications()) {
            remove(notification);
            Optional.ofNullable(incidents.get(notification.about().key()))
                    .filter(it -> notification.kind() == Kind.RAISED && it.isPostponed())
                    .ifPresent(it -> put(it.sentAgain(notification.due())));
        }
    }

    /**
     * The message was not delivered, as far as is known.
     *
     * @param maybeSent whether it may have been
     */
    void failed(Batch batch, boolean maybeSent) {
        batch.notifications().stream()
                .filter(it -> waiting.containsKey(it.id()))
                .map(it -> maybeSent ? it.markedMaybeSent() : it)
                .forEach(it -> {
                    waiting.put(it.id(), it);
                    changes.add(new Change.Put(it));
                });
    }

    /** The changes since the last call, to be made durable. */
    List<Change> takeChanges() {
        var taken = List.copyOf(changes);
        changes.clear();
        return taken;
    }

    List<Notification> waitingNotifications() {
        return List.copyOf(waiting.values());
    }

    List<Incident> knownIncidents() {
        return List.copyOf(incidents.values());
    }

    AlertRules rules() {
        return rules;
    }

    int waiting() {
        return waiting.size();
    }

    int incidents() {
        return incidents.size();
    }

    /** Notifications that were never sent: too many, too old, or of a channel that was removed. */
    long dropped() {
        return dropped;
    }

    private void drop(Notification notification) {
        dropped++;
        remove(notification);
    }

    private void remove(Notification notification) {
        if (waiting.remove(notification.id()) != null) {
            changes.add(new Change.Remove(notification.id()));
        }
    }

    private void put(Incident incident) {
        String key = incident.about().key();
        if (incidents.size() >= INCIDENTS_MAX && !incidents.containsKey(key)) {
            incidents.values().stream()
                    .min(Comparator.comparing(Incident::sentAt))
                    .ifPresent(this::forget);
        }
        incidents.put(key, incident);
        changes.add(new Change.PutIncident(incident));
    }

    private void forget(Incident incident) {
        incidents.remove(incident.about().key());
        changes.add(new Change.RemoveIncident(incident.about().key()));
    }

    private static About about(Alert alert) {
        return new About(
                alert.event(),
                alert.subject(),
                alert.level(),
                alert.message().length() > TEXT_MAX ? alert.message().substring(0, TEXT_MAX) : alert.message(),
                alert.at(),
                alert.orderId());
    }
}
