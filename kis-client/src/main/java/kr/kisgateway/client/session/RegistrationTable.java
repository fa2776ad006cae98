package kr.kisgateway.client.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.client.GapCause;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.client.RealtimeStatus;
import kr.kisgateway.client.RegisterAnswer;
import kr.kisgateway.client.SessionPlan;
import kr.kisgateway.client.session.SessionCore.Effect;
import kr.kisgateway.client.session.SessionCore.Input;
import kr.kisgateway.wire.RealtimeKey;

/**
 * The registrations that callers request, the state of each on the wire, and what each has missed: the part of {@link SessionCore}
 * that outlives its connections.
 *
 * <p>A key is requested while it has a user, and due while the plan also has its window open. The next message moves the wire
 * towards what is due. A key that was served and is not any more has a gap, which is published when it is served again or given up.
 */
final class RegistrationTable {
    private enum WireState {
        /** KIS does not have it on this connection. */
        OFF,
        SUBSCRIBING,
        ON,
        RELEASING
    }

    static final class Entry {
        private final RealtimeKey key;
        private final long order;
        /** Requested by {@link Input.Register} and not released. */
        private boolean pinned;
        /** Its number of further users. */
        private int claimCount;

        private WireState wire = WireState.OFF;
        private Instant sentAt = Instant.MIN;
        private Instant notBefore = Instant.MIN;
        private int refusals;
        /**
         * To be released before it is registered again: a notice that KIS called "already subscribed" without a key, or a
         * registration that was never answered and may occupy a slot all the same.
         */
        private boolean releaseFirst;

        private int unansweredReleases;

        private boolean keyRenewed;

        Entry(RealtimeKey key, long order) {
            this.key = key;
            this.order = order;
        }

        RealtimeKey key() {
            return key;
        }

        private boolean isRequested() {
            return pinned || claimCount > 0;
        }

        private long rank() {
            return SessionCore.isNotice(key) ? order - Long.MAX_VALUE / 2 : order;
        }
    }

    private record LostSince(Instant from, GapCause cause) {}

    private static final Duration ANSWER_WAIT = Duration.ofSeconds(10);
    private static final int SILENT_RELEASES_MAX = 3;

    private final SessionPlan plan;
    private final int registrationsMax;
    private final Map<RealtimeKey, Entry> entries = new LinkedHashMap<>();
    private final Map<RealtimeKey, LostSince> lost = new LinkedHashMap<>();
    private final Map<RealtimeKey, LostSince> regained = new HashMap<>();

    private Set<SessionPlan.Group> open;
    private Instant planAt = Instant.MIN;
    private int cap;
    private long orders;

    RegistrationTable(SessionPlan plan, int registrationsMax) {
        this.plan = plan;
        this.registrationsMax = registrationsMax;
        this.cap = registrationsMax;
        this.open = plan.servedGroups();
    }

    /** Most registrations on the wire. */
    int cap() {
        return cap;
    }

    /** When the plan opens or closes a window next. */
    Instant planAt() {
        return planAt;
    }

    /** All keys to be registered now. */
    Set<RealtimeKey> due() {
        var keys = new HashSet<RealtimeKey>();
        entries.values().stream().filter(this::isDue).forEach(it -> keys.add(it.key));
        return keys;
    }

    int dueCount() {
        return (int) entries.values().stream().filter(this::isDue).count();
    }

    long onWire() {
        return entries.values().stream().filter(it -> it.wire != WireState.OFF).count();
    }

    Optional<Entry> find(RealtimeKey key) {
        return Optional.ofNullable(entries.get(key));
    }

    RegisterAnswer register(RealtimeKey key) {
        Entry registration = entries.get(key);
        if (registration != null && registration.pinned) {
            return RegisterAnswer.ALREADY_REGISTERED;
        }
        if (!isServed(key)) {
            return RegisterAnswer.REFUSED;
        }
        if (!hasCapacity(Set.of(key))) {
            return RegisterAnswer.FULL;
        }
        boolean present = registration != null && registration.isRequested();
        findOrAdd(key).pinned = true;
        return present ? RegisterAnswer.ALREADY_REGISTERED : RegisterAnswer.REGISTERED;
    }

    void release(RealtimeKey key) {
        Entry registration = entries.get(key);
        if (registration != null) {
            registration.pinned = false;
            dropIfUnrequested(registration);
        }
    }

    Effect acquire(Set<RealtimeKey> keys) {
        if (!keys.stream().allMatch(this::isServed)) {
            return new Effect.Answer(RegisterAnswer.REFUSED, Map.of());
        }
        if (!hasCapacity(keys)) {
            return new Effect.Answer(RegisterAnswer.FULL, Map.of());
        }
        boolean present = keys.stream().allMatch(this::isRequested);
        var claims = new LinkedHashMap<RealtimeKey, Long>();
        for (RealtimeKey key : keys) {
            Entry it = findOrAdd(key);
            it.claimCount++;
            claims.put(key, it.order);
        }
        return new Effect.Answer(
                present ? RegisterAnswer.ALREADY_REGISTERED : RegisterAnswer.REGISTERED, Map.copyOf(claims));
    }

    void releaseClaim(RealtimeKey key, long order) {
        Entry registration = entries.get(key);
        // KIS may have refused it meanwhile, and another user requested it again: then it is not the released one.
        if (registration != null && registration.order == order && registration.claimCount > 0) {
            registration.claimCount--;
            dropIfUnrequested(registration);
        }
    }

    private boolean isRequested(RealtimeKey key) {
        Entry registration = entries.get(key);
        return registration != null && registration.isRequested();
    }

    /** Whether the plan ever registers {@code key}. */
    private boolean isServed(RealtimeKey key) {
        return SessionCore.isNotice(key) || plan.servedGroups().contains(SessionPlan.Group.of(key));
    }

    /** Whether the registrations open together at any time of the day fit the session's slots. */
    private boolean hasCapacity(Set<RealtimeKey> keys) {
        List<RealtimeKey> newKeys =
                keys.stream().filter(key -> !isRequested(key)).toList();
        return plan.concurrentGroups().stream().allMatch(together -> {
            long more = newKeys.stream().filter(key -> belongsTo(together, key)).count();
            long present = entries.values().stream()
                    .filter(it -> it.isRequested() && belongsTo(together, it.key))
                    .count();
            return more == 0 || present + more <= cap;
        });
    }

    private static boolean belongsTo(Set<SessionPlan.Group> groups, RealtimeKey key) {
        return SessionCore.isNotice(key) || groups.contains(SessionPlan.Group.of(key));
    }

    /** Whether it is to be on the wire now. */
    private boolean isDue(Entry it) {
        return it.isRequested() && belongsTo(open, it.key);
    }

    private Entry findOrAdd(RealtimeKey key) {
        Entry registration = entries.get(key);
        if (registration == null) {
            registration = new Entry(key, ++orders);
            entries.put(key, registration);
        }
        return registration;
    }

    private void dropIfUnrequested(Entry it) {
        if (!it.isRequested()) {
            lost.remove(it.key);
            removeUnrequested();
        }
    }

    void followPlan(Instant now, List<Effect> effects) {
        if (now.isBefore(planAt)) {
            return;
        }
        Set<SessionPlan.Group> before = open;
        boolean first = planAt.equals(Instant.MIN);
        open = plan.open(now);
        planAt = plan.nextChange(now).orElse(Instant.MAX);
        if (first || open.equals(before)) {
            return;
        }
        effects.add(new Effect.PublishEvent(new KisEvent.PlanChanged(Set.copyOf(open))));
        // A key whose window has ended misses nothing from here on.
        entries.values().stream()
                .filter(it -> !belongsTo(open, it.key))
                .forEach(it -> Optional.ofNullable(lost.remove(it.key))
                        .ifPresent(since ->
                                effects.add(new Effect.Gap(Set.of(it.key), since.from(), now, since.cause()))));
    }

    /** A new connection starts with an empty wire. */
    void reset() {
        cap = registrationsMax;
        entries.values().forEach(registration -> {
            registration.wire = WireState.OFF;
            registration.notBefore = Instant.MIN;
            registration.refusals = 0;
            registration.releaseFirst = false;
            registration.unansweredReleases = 0;
            registration.keyRenewed = false;
        });
    }

    /** The connection has ended, and with it every registration on the wire. */
    void disconnected() {
        entries.values().forEach(it -> it.wire = WireState.OFF);
        removeUnrequested();
    }

    /** The registered keys miss data from {@code from} on. */
    void loseRegistered(Instant from, GapCause cause) {
        entries.values().stream()
                .filter(it -> isDue(it) && it.wire == WireState.ON && !it.releaseFirst)
                .forEach(it -> lost.putIfAbsent(it.key, new LostSince(from, cause)));
    }

    /** All due keys miss data from {@code from} on, registered or not. */
    void loseDue(Instant from, GapCause cause) {
        entries.values().stream()
                .filter(this::isDue)
                .forEach(it -> lost.putIfAbsent(it.key, new LostSince(from, cause)));
    }

    void subscribed(Entry it, Input.Ack ack, Instant now, List<Effect> effects) {
        if (it.wire != WireState.SUBSCRIBING) {
            return; // The late answer to an abandoned message.
        }
        it.wire = WireState.ON;
        it.refusals = 0;
        if (SessionCore.isNotice(it.key) && !ack.hasKey() && !it.keyRenewed) {
            it.releaseFirst = true;
            it.keyRenewed = true;
            return;
        }
        effects.add(new Effect.PublishEvent(new KisEvent.Subscribed(it.key, ack.msgCd())));
        effects.add(new Effect.Acked(it.key));
        regain(it.key, now, effects);
    }

    void released(Entry it, Input.Ack ack, List<Effect> effects) {
        if (it.wire != WireState.RELEASING) {
            return;
        }
        it.wire = WireState.OFF;
        boolean isReregistering = it.releaseFirst && isDue(it);
        it.releaseFirst = false;
        if (!isReregistering) {
            effects.add(new Effect.PublishEvent(new KisEvent.Unsubscribed(it.key, ack.msgCd())));
        }
        removeUnrequested();
    }

    void tryLater(Entry it, Instant now) {
        it.wire = WireState.OFF;
        it.notBefore = now.plusSeconds(Math.min(60, 5L << Math.min(it.refusals, 4)));
        it.refusals++;
    }

    /** KIS has no room for {@code registration}, or for one that it does not name. */
    void full(Optional<Entry> registration, Input.Ack ack, Instant now, List<Effect> effects) {
        cap = (int) Math.max(1, onWire() - (registration.isPresent() ? 1 : 0));
        registration.ifPresent(it -> {
            if (SessionCore.isNotice(it.key)) {
                tryLater(it, now);
            } else {
                drop(it, ack.msgCd(), ack.msg1(), now, effects);
            }
        });
        dropBeyondCap(ack, now, effects);
        makeRoomForNotices(ack, now, effects);
    }

    /** KIS accepts no execution notices. */
    void dropNotices(Input.Ack ack, Instant now, List<Effect> effects) {
        entries.values().stream()
                .filter(it -> SessionCore.isNotice(it.key))
                .toList()
                .forEach(it -> drop(it, ack.msgCd(), ack.msg1(), now, effects));
    }

    /** What was being registered is not. */
    void abandonSubscribing() {
        entries.values().stream().filter(it -> it.wire == WireState.SUBSCRIBING).forEach(it -> it.wire = WireState.OFF);
    }

    void drop(Entry it, String code, String message, Instant now, List<Effect> effects) {
        entries.remove(it.key);
        publishSlotLost(it, code, now, effects);
        effects.add(new Effect.PublishEvent(new KisEvent.RegistrationRefused(it.key, code, message)));
    }

    /** A key that was served before and is not registered again has a gap that is published now, because nothing will end it. */
    private void publishSlotLost(Entry it, String code, Instant now, List<Effect> effects) {
        LostSince since = lost.remove(it.key);
        if (since != null) {
            effects.add(new Effect.Gap(
                    Set.of(it.key), since.from(), now, since.cause().thenRefused(code)));
        } else if (it.wire == WireState.ON) {
            effects.add(new Effect.Gap(
                    Set.of(it.key),
                    now, // the answer is the newest message
                    now,
                    new GapCause(GapCause.Kind.REFUSED, "slot lost: " + code)));
        }
    }

    /** Fills are worth more than quotes: the newest quotes are dropped when KIS has no room for a notice. */
    private void makeRoomForNotices(Input.Ack ack, Instant now, List<Effect> effects) {
        long waiting = entries.values().stream()
                .filter(it -> it.isRequested() && it.wire == WireState.OFF && SessionCore.isNotice(it.key))
                .count();
        entries.values().stream()
                .filter(it -> isDue(it) && it.wire != WireState.OFF && !SessionCore.isNotice(it.key))
                .sorted(Comparator.comparingLong(Entry::rank).reversed())
                .limit(Math.max(0, waiting - (cap - onWire())))
                .forEach(it -> {
                    it.pinned = false;
                    it.claimCount = 0;
                    publishSlotLost(it, ack.msgCd(), now, effects);
                    effects.add(
                            new Effect.PublishEvent(new KisEvent.RegistrationRefused(it.key, ack.msgCd(), ack.msg1())));
                });
    }

    private void dropBeyondCap(Input.Ack ack, Instant now, List<Effect> effects) {
        entries.values().stream()
                .filter(this::isDue)
                .sorted(Comparator.comparingLong(Entry::rank))
                .skip(cap)
                .filter(it -> it.wire == WireState.OFF && !SessionCore.isNotice(it.key))
                .toList()
                .forEach(it -> drop(it, ack.msgCd(), ack.msg1(), now, effects));
    }

    private void regain(RealtimeKey key, Instant now, List<Effect> effects) {
        LostSince since = lost.remove(key);
        if (since == null) {
            return;
        }
        regained.put(key, since);
        // Notices first: fills were missed, and their lookup waits for this. The rest in one piece.
        if (SessionCore.isNotice(key) || lost.isEmpty()) {
            flushGaps(now, effects);
        }
    }

    /** Publishes the gaps of what is registered again, when nothing else is missing. */
    void flushRegained(Instant now, List<Effect> effects) {
        if (lost.isEmpty() && !regained.isEmpty()) {
            flushGaps(now, effects);
        }
    }

    private void flushGaps(Instant now, List<Effect> effects) {
        var bySpan = new LinkedHashMap<LostSince, Set<RealtimeKey>>();
        regained.forEach((key, since) ->
                bySpan.computeIfAbsent(since, _ -> new HashSet<>()).add(key));
        regained.clear();
        bySpan.forEach(
                (since, keys) -> effects.add(new Effect.Gap(Set.copyOf(keys), since.from(), now, since.cause())));
    }

    void expireUnanswered(Instant now) {
        for (Entry it : entries.values()) {
            boolean overdue = !now.isBefore(it.sentAt.plus(ANSWER_WAIT));
            if (overdue && it.wire == WireState.SUBSCRIBING) {
                it.wire = WireState.ON;
                it.releaseFirst = true;
            } else if (overdue && it.wire == WireState.RELEASING) {
                it.unansweredReleases++;
                boolean isAbandoned = it.unansweredReleases == SILENT_RELEASES_MAX;
                it.wire = isAbandoned ? WireState.OFF : WireState.ON;
                // Whether it is still registered is unknown: if requested meanwhile, it is released first.
                it.releaseFirst = !isAbandoned;
            }
        }
        removeUnrequested();
    }

    /** Whether a release is not yet answered. */
    boolean isReleasing() {
        return entries.values().stream()
                .anyMatch(registration -> !registration.isRequested() && registration.wire != WireState.OFF);
    }

    /** When the next unanswered message is given up. */
    Instant answerDueAt() {
        Instant next = Instant.MAX;
        for (Entry it : entries.values()) {
            if (it.wire == WireState.SUBSCRIBING || it.wire == WireState.RELEASING) {
                next = SessionCore.earlier(next, it.sentAt.plus(ANSWER_WAIT));
            }
        }
        return next;
    }

    /** Whether a release is to be sent. */
    boolean hasRelease(RealtimeStatus.State state) {
        return toRelease(state).findAny().isPresent();
    }

    /** When the next registration may be sent; empty when there is none to send. */
    Optional<Instant> registerAt(RealtimeStatus.State state) {
        return toRegister(state).map(it -> it.notBefore).min(Comparator.naturalOrder());
    }

    /** Marks the message of {@code it} as sent; true when it registers, false when it releases. */
    boolean send(Entry it, Instant now) {
        boolean register = it.wire == WireState.OFF;
        it.wire = register ? WireState.SUBSCRIBING : WireState.RELEASING;
        it.sentAt = now;
        return register;
    }

    /** The registration whose message is next: releases first, because they free slots. */
    Optional<Entry> nextMessage(Instant now, RealtimeStatus.State state) {
        Optional<Entry> release = toRelease(state).findFirst();
        return release.isPresent()
                ? release
                : toRegister(state).filter(it -> !now.isBefore(it.notBefore)).findFirst();
    }

    private Stream<Entry> toRelease(RealtimeStatus.State state) {
        return entries.values().stream()
                .filter(it -> it.wire == WireState.ON
                        && (!isDue(it) || it.releaseFirst || state == RealtimeStatus.State.RELEASING));
    }

    private Stream<Entry> toRegister(RealtimeStatus.State state) {
        if (state != RealtimeStatus.State.OPEN || onWire() >= cap) {
            return Stream.empty();
        }
        return entries.values().stream()
                .filter(it -> isDue(it) && it.wire == WireState.OFF)
                .sorted(Comparator.comparingLong(Entry::rank));
    }

    private void removeUnrequested() {
        entries.values().removeIf(it -> !it.isRequested() && it.wire == WireState.OFF);
    }
}
