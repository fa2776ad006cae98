package kr.kisgateway.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import kr.kisgateway.wire.RealtimeKey;

/**
 * The realtime sessions of several app keys as one: KIS allows each key one session of 41 registrations. A key that is held
 * already stays where it is; another goes to the session with the most room among those whose plan serves it. Give the
 * clients the plans of {@link SessionPlan#share}, or the usual one.
 */
public final class RealtimePool {
    /** Sessions of one pool. */
    public static final int SESSIONS_MAX = 10;

    /** Where a key is; the session counts its users itself, because KIS may take a registration away from all of them. */
    private static final class Place {
        private Realtime session;
        private int users;

        Place(Realtime session) {
            this.session = session;
        }
    }

    private final List<Realtime> sessions;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<RealtimeKey, Place> places = new HashMap<>();

    /** @param sessions of different app keys; their clients are opened and closed by the caller */
    public RealtimePool(List<Realtime> sessions) {
        if (sessions.isEmpty() || sessions.size() > SESSIONS_MAX) {
            throw new IllegalArgumentException("a pool has 1 to " + SESSIONS_MAX + " sessions");
        }
        this.sessions = List.copyOf(sessions);
    }

    /** As {@link Realtime#hold(Set)}: all of {@code keys}, on whatever sessions, or none. */
    public KisReply<Registration> hold(Set<RealtimeKey> keys) {
        var held = new HashMap<RealtimeKey, Registration>();
        lock.lock();
        try {
            for (RealtimeKey key : keys) {
                switch (add(key)) {
                    case KisReply.Ok<Registration>(Registration hold) -> held.put(key, hold);
                    case KisReply.Failed<Registration>(KisFailure failure) -> {
                        held.forEach(this::remove);
                        return new KisReply.Failed<>(failure);
                    }
                }
            }
        } finally {
            lock.unlock();
        }
        return new KisReply.Ok<>(new HeldKeys(held.keySet(), () -> letGo(held)));
    }

    /** As {@link #hold(Set)}, of one. */
    public KisReply<Registration> hold(RealtimeKey key) {
        return hold(Set.of(key));
    }

    /** How each session is, in the order in which they were given. */
    public List<RealtimeStatus> status() {
        return sessions.stream().map(Realtime::status).toList();
    }

    /** Which session has {@code key}; empty when nobody holds it here. */
    public Optional<Realtime> sessionOf(RealtimeKey key) {
        lock.lock();
        try {
            return Optional.ofNullable(places.get(key)).map(place -> place.session);
        } finally {
            lock.unlock();
        }
    }

    private KisReply<Registration> add(RealtimeKey key) {
        var failures = new ArrayList<KisFailure>();
        for (Realtime session : candidates(key)) {
            switch (session.hold(key)) {
                case KisReply.Ok<Registration> held -> {
                    Place place = places.computeIfAbsent(key, _ -> new Place(session));
                    place.session = session;
                    place.users++;
                    return held;
                }
                case KisReply.Failed<Registration>(KisFailure failure) -> failures.add(failure);
            }
        }
        // Full is what can change; that a plan of one session does not serve the key is no news then.
        return new KisReply.Failed<>(failures.stream()
                .filter(failure -> failure.kind() == KisFailure.Kind.REGISTRATIONS_FULL)
                .findFirst()
                .orElseGet(failures::getFirst));
    }

    private List<Realtime> candidates(RealtimeKey key) {
        Place place = places.get(key);
        return place == null
                ? byRoom()
                : Stream.concat(Stream.of(place.session), byRoom().stream())
                        .distinct()
                        .toList();
    }

    private List<Realtime> byRoom() {
        Map<Realtime, Integer> room = new HashMap<>();
        sessions.forEach(session -> {
            RealtimeStatus status = session.status();
            room.put(session, status.registrationsMax() - status.registrations());
        });
        return sessions.stream()
                .sorted(Comparator.comparing((Realtime session) -> room.getOrDefault(session, 0))
                        .reversed())
                .toList();
    }

    private void letGo(Map<RealtimeKey, Registration> held) {
        lock.lock();
        try {
            held.forEach(this::remove);
        } finally {
            lock.unlock();
        }
    }

    private void remove(RealtimeKey key, Registration hold) {
        hold.close();
        Place place = places.get(key);
        if (place != null && --place.users == 0) {
            places.remove(key);
        }
    }
}
