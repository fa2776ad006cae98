package kr.kisgateway.gateway.notification;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import kr.kisgateway.gateway.alert.Acknowledgement;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertEvent.SettlesWhen;
import kr.kisgateway.gateway.alert.Silence;
import kr.kisgateway.gateway.notification.Notification.About;
import kr.kisgateway.gateway.notification.Notification.Kind;
import kr.kisgateway.market.TradingCalendar;

/**
 * Decides what each channel is sent, and when. Pure and owned by one thread; what it changes is durable before anything is sent.
 *
 * <p>An alert is sent once to each channel of its routes. While its condition persists, and within the time of
 * {@link AlertRules#dedupe()}, another alert about the same subject is only counted; one that returns within that time after it was
 * over is sent when the time has passed, if it persists by then. Its end is sent to the channels that were sent its beginning.
 *
 * <p>Outside the hours of its kind, and under a silence, an alert is held: it is sent when these end, if it persists by then. One that
 * an operator has acknowledged is sent no more until its end; one that is neither acknowledged nor over goes to further channels after
 * the time of its route. An alert of a higher level than before is a new one.
 */
final class NotificationCore {
    /** Notifications that wait; further ones are dropped and counted. */
    static final int WAITING_MAX = 10_000;
    /** Conditions that are remembered; the oldest is forgotten for a further one. */
    static final int INCIDENTS_MAX = 5_000;
    /** Silences in force; further ones are refused. */
    static final int SILENCES_MAX = 200;
    /** Notifications of one message. */
    static final int GROUP_MAX = 10;
    /** A notification that could not be sent for this long is dropped and counted. */
    static final Duration GIVE_UP = Duration.ofHours(24);
    /** A condition of before the restart that was not raised again within this time is over. */
    static final Duration RESTART_GRACE = Duration.ofMinutes(2);

    private static final int TEXT_MAX = 500;
    /** Of a message that is no alert; every channel has room for it. */
    private static final int MESSAGE_MAX = 1_500;
    /** What the text of a message has at most besides what it says: its level, event and time, and the meaning of the event. */
    private static final int TEXT_BESIDE = 300;

    /** Marks of the day and the number of alerts of a level; {@link #ALERTS_A_DAY} times the day, and the number. */
    static final String ALERTS_OF = "alerts:";

    static final long ALERTS_A_DAY = 1_000_000;

    /** What is to be made durable. */
    sealed interface Change {
        record Put(Notification notification) implements Change {}

        record Remove(long id) implements Change {}

        record PutIncident(Incident incident) implements Change {}

        record RemoveIncident(String key) implements Change {}

        record PutSilence(Silence silence) implements Change {}

        record RemoveSilence(long id) implements Change {}

        record PutMark(String name, long value) implements Change {}
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
    private final Map<Long, Silence> silences = new TreeMap<>();
    private final Map<String, Long> marks = new HashMap<>();
    private final Instant graceEnds;
    private final List<Change> changes = new ArrayList<>();
    private long lastId;
    private long lastSilence;
    private long dropped;
    private AlertRules rules = AlertRules.none();

    /**
     * What an earlier process left.
     *
     * @param notifications marked where they may have been sent
     * @param marks how far others have come, by their names
     * @param lastId the highest number that a notification ever had
     * @param lastSilence the same of silences
     */
    record Stored(
            List<Notification> notifications,
            List<Incident> incidents,
            List<Silence> silences,
            Map<String, Long> marks,
            long lastId,
            long lastSilence) {
        Stored {
            notifications = List.copyOf(notifications);
            incidents = List.copyOf(incidents);
            silences = List.copyOf(silences);
            marks = Map.copyOf(marks);
        }

        /** Nothing. */
        static Stored none() {
            return new Stored(List.of(), List.of(), List.of(), Map.of(), 0, 0);
        }
    }

    NotificationCore(Stored stored, Instant now) {
        stored.notifications().forEach(notification -> waiting.put(notification.id(), notification));
        lastId = stored.lastId();
        lastSilence = stored.lastSilence();
        marks.putAll(stored.marks());
        stored.silences().forEach(silence -> silences.put(silence.id(), silence));
        stored.incidents().forEach(incident -> {
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
        boolean wasBefore = ofBefore.remove(about.key());
        if (!wasBefore) {
            countAlert(about.level(), now);
        }
        boolean persists = alert.kind().settlesWhen() != SettlesWhen.IMMEDIATELY;
        Optional<Incident> known = Optional.ofNullable(incidents.get(about.key()));
        if (known.filter(Incident::open).isPresent() && !isWorse(about, known.get())) {
            if (wasBefore) {
                return; // the restart raises what persists once more
            }
            if (!isSentAgain(known.get(), now)) {
                put(known.get().repeated());
                return;
            }
        }
        Set<String> channels = new HashSet<>(rules.channelsFor(about.event(), about.level()));
        channels.remove(failingChannel(about));
        known.filter(Incident::open).ifPresent(it -> channels.addAll(it.channels()));
        boolean isHeld = isHeld(about, now);
        if (!persists && (isHeld || channels.isEmpty())) {
            return; // it is over: nothing of it is left to be sent later
        }
        Instant since = known.filter(Incident::open).map(Incident::since).orElse(now);
        if (isHeld) {
            put(new Incident(about, true, since, now, 0, channels, true, Optional.empty()));
            return;
        }
        boolean isRecent = known.filter(
                        it -> !it.open() && now.isBefore(it.sentAt().plus(rules.dedupe())))
                .isPresent();
        Instant due = isRecent ? known.get().sentAt().plus(rules.dedupe()) : now;
        int repeats = known.map(Incident::repeats).orElse(0);
        put(new Incident(
                about, persists, since, isRecent ? known.get().sentAt() : now, 0, channels, false, Optional.empty()));
        channels.forEach(channel -> addRaised(channel, about, due, repeats, now));
    }

    /** An alert of a higher level is sent whatever was sent or acknowledged before. */
    private static boolean isWorse(About about, Incident known) {
        return about.level().compareTo(known.about().level()) < 0;
    }

    /** Whether a condition that persists is sent once more when it is raised again. */
    private boolean isSentAgain(Incident known, Instant now) {
        return !known.held()
                && known.acknowledgement().isEmpty()
                && !isHeld(known.about(), now)
                && !now.isBefore(known.sentAt().plus(rules.dedupe()));
    }

    /** Whether an alert is not sent now, because of the hours of its kind or of a silence. */
    private boolean isHeld(About about, Instant now) {
        return AlertEvent.of(about.event())
                .filter(event -> !rules.policy().isInHours(event, now)
                        || silences.values().stream().anyMatch(it -> it.covers(event, about.subject(), now)))
                .isPresent();
    }

    /** One that waits for the time after which it may be sent again takes further ones in. */
    private void addRaised(String channel, About about, Instant due, int repeats, Instant now) {
        Optional<Notification> postponed = due.isAfter(now) ? unsent(channel, about.key(), now) : Optional.empty();
        if (postponed.isPresent()) {
            var merged = postponed.get().replacedBy(about);
            waiting.put(merged.id(), merged);
            changes.add(new Change.Put(merged));
        } else {
            add(channel, Kind.RAISED, about, due, repeats);
        }
    }

    /** The channel whose failure the alert is about: it cannot report that itself. */
    private static String failingChannel(About about) {
        return about.event().equals(AlertEvent.CHANNEL_FAILED.publicName())
                        || about.event().equals(AlertEvent.NOTIFICATIONS_LOST.publicName())
                ? about.subject()
                : "";
    }

    private void resolve(String key, Kind kind, Instant now) {
        Incident incident = incidents.get(key);
        if (incident == null || !incident.open()) {
            return;
        }
        if (incident.held()) {
            forget(incident);
            return;
        }
        put(incident.closed());
        incident.channels().forEach(channel -> {
            Optional<Notification> unsent = unsent(channel, key, now);
            if (unsent.isPresent() && incident.isPostponed()) {
                remove(unsent.get());
            } else {
                add(channel, kind, incident.about(), now, incident.repeats());
            }
        });
    }

    /** The beginning of a condition that waits for its time. */
    private Optional<Notification> unsent(String channel, String key, Instant now) {
        return waiting.values().stream()
                .filter(it -> it.channel().equals(channel)
                        && it.kind() == Kind.RAISED
                        && it.due().isAfter(now)
                        && it.about().key().equals(key))
                .findFirst();
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

    // ---- marks ----

    /** Moves a mark forward to {@code value}; empty when it is there or beyond. */
    Optional<Long> advance(String name, long value) {
        if (mark(name) >= value) {
            return Optional.empty();
        }
        marks.put(name, value);
        changes.add(new Change.PutMark(name, value));
        return Optional.of(value);
    }

    /** Where a mark is; the lowest number before it was moved first. */
    long mark(String name) {
        return marks.getOrDefault(name, Long.MIN_VALUE);
    }

    /** All marks. */
    Map<String, Long> marks() {
        return Map.copyOf(marks);
    }

    // ---- messages ----

    /**
     * Sends messages that are no alerts, and moves the mark of what they are about; empty when it is there already, so that nothing is
     * sent twice.
     *
     * @param to names of channels
     */
    Optional<Long> send(Kind kind, List<About> messages, List<String> to, String mark, long value, Instant now) {
        return advance(mark, value).map(moved -> {
            to.stream()
                    .filter(channel -> rules.channels().containsKey(channel))
                    .forEach(channel -> messages.forEach(about -> add(channel, kind, bounded(about), now, 0)));
            return moved;
        });
    }

    /** Moves a mark, also back. */
    Optional<Long> set(String name, long value) {
        marks.put(name, value);
        changes.add(new Change.PutMark(name, value));
        return Optional.of(value);
    }

    private static About bounded(About about) {
        return about.message().length() <= MESSAGE_MAX
                ? about
                : new About(
                        about.event(),
                        about.subject(),
                        about.level(),
                        about.message().substring(0, MESSAGE_MAX - 1) + "…",
                        about.at(),
                        about.orderId());
    }

    /** Counts an alert for the summary of its day in Korea. */
    private void countAlert(String level, Instant now) {
        long day = now.atZone(TradingCalendar.SEOUL).toLocalDate().toEpochDay();
        set(ALERTS_OF + level, day * ALERTS_A_DAY + Math.min(alertsOn(day, level) + 1, ALERTS_A_DAY - 1));
    }

    private long alertsOn(long epochDay, String level) {
        long counted = mark(ALERTS_OF + level);
        return Math.floorDiv(counted, ALERTS_A_DAY) == epochDay ? Math.floorMod(counted, ALERTS_A_DAY) : 0;
    }

    // ---- operators ----

    /** Records that an operator has taken note of a condition; the first acknowledgement stays. Empty when it does not persist. */
    Optional<Acknowledgement> acknowledge(AlertEvent event, String subject, Acknowledgement by) {
        Incident incident = incidents.get(About.key(event.publicName(), subject));
        if (incident == null || !incident.open()) {
            return Optional.empty();
        }
        if (incident.acknowledgement().isEmpty()) {
            put(incident.acknowledged(by));
            incident.channels().stream()
                    .filter(channel -> !incident.held())
                    .filter(channel -> Optional.ofNullable(rules.channels().get(channel))
                            .filter(it -> !it.groups())
                            .isPresent())
                    .forEach(channel -> add(channel, Kind.ACKNOWLEDGED, incident.about(), by.at(), 0));
        }
        return incident.acknowledgement().or(() -> Optional.of(by));
    }

    /** Adds a silence, instead of one for the same alerts, whose number it gets. Empty when there are too many. */
    Optional<Silence> silence(Silence requested) {
        Optional<Silence> former =
                silences.values().stream().filter(it -> it.isForSame(requested)).findFirst();
        if (former.isEmpty() && silences.size() >= SILENCES_MAX) {
            return Optional.empty();
        }
        var silence = requested.withId(former.map(Silence::id).orElseGet(() -> ++lastSilence));
        silences.put(silence.id(), silence);
        changes.add(new Change.PutSilence(silence));
        return Optional.of(silence);
    }

    /** Ends a silence: what persists is sent. Empty when there is none of this number. */
    Optional<Silence> endSilence(long id) {
        Optional<Silence> ended = Optional.ofNullable(silences.remove(id));
        ended.ifPresent(it -> changes.add(new Change.RemoveSilence(it.id())));
        return ended;
    }

    /**
     * What time alone decides: conditions of before a restart, silences and hours that end, what was not acknowledged, what is too
     * old, what is remembered too long.
     */
    void tick(Instant now) {
        if (!ofBefore.isEmpty() && !now.isBefore(graceEnds)) {
            ofBefore.stream()
                    .filter(this::endsByItself)
                    .toList()
                    .forEach(key -> resolve(key, Kind.RESOLVED_BY_RESTART, now));
            ofBefore.clear();
        }
        silences.values().stream()
                .filter(it -> !now.isBefore(it.until()))
                .toList()
                .forEach(it -> endSilence(it.id()));
        incidents.values().stream()
                .filter(it -> isCertain(it) && !isHeld(it.about(), now))
                .toList()
                .forEach(it -> {
                    release(it, now);
                    escalate(it.about().key(), now);
                });
        waiting.values().stream()
                .filter(it -> it.due().plus(GIVE_UP).isBefore(now))
                .toList()
                .forEach(this::drop);
        incidents.values().stream()
                .filter(it -> !it.open() && it.sentAt().plus(rules.dedupe()).isBefore(now))
                .toList()
                .forEach(this::forget);
    }

    /** Whether it persists, as far as is known: one of before a restart may be over. */
    private boolean isCertain(Incident incident) {
        return incident.open() && !ofBefore.contains(incident.about().key());
    }

    /** Sends what hours or a silence have held back. */
    private void release(Incident incident, Instant now) {
        if (incident.held()) {
            put(incident.sentAgain(now));
            if (incident.acknowledgement().isEmpty()) {
                incident.channels()
                        .forEach(channel -> add(channel, Kind.RAISED, incident.about(), now, incident.repeats()));
            }
        }
    }

    /** Sends what was not acknowledged in time to further channels. */
    private void escalate(String key, Instant now) {
        Incident incident = incidents.get(key);
        if (incident == null || incident.acknowledgement().isPresent()) {
            return;
        }
        var about = incident.about();
        Set<String> further =
                new HashSet<>(rules.escalatedTo(about.event(), about.level(), Duration.between(incident.since(), now)));
        further.removeAll(incident.channels());
        further.remove(failingChannel(about));
        if (!further.isEmpty()) {
            put(incident.alsoTo(further));
            further.forEach(channel -> add(channel, Kind.ESCALATED, about, now, incident.repeats()));
        }
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
        var due = new ArrayList<Notification>();
        int length = 0;
        for (Notification it : waiting.values()) {
            if (it.channel().equals(channel) && !it.due().isAfter(now)) {
                length += it.about().message().length() + TEXT_BESIDE;
                if (due.size() == (known.groups() ? GROUP_MAX : 1) || !due.isEmpty() && length > known.textMax()) {
                    break;
                }
                due.add(it);
            }
        }
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

    /** Acknowledgements of the conditions that persist, by the keys of these. */
    Map<String, Acknowledgement> acknowledgements() {
        var found = new HashMap<String, Acknowledgement>();
        incidents.forEach((key, incident) -> incident.acknowledgement().ifPresent(it -> found.put(key, it)));
        return found;
    }

    /** Silences in force, by their numbers. */
    List<Silence> silences() {
        return List.copyOf(silences.values());
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
