package kr.kisgateway.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.wire.RealtimeKey;

/**
 * The realtime sessions of several app keys as one: KIS allows each key one session of 41 registrations. A key that is held
 * already stays where it is; another goes to the session with the most room among those whose plan serves it. Give the
 * clients the plans of {@link SessionPlan#share}, or the usual one.
 */
public final class RealtimePool {
    /** Sessions of one pool. */
    public static final int SESSIONS_MAX = 10;

    private static final class Place {
        private final Realtime session;
        private final Registration hold;
        private int users = 1;

        Place(Realtime session, Registration hold) {
            this.session = session;
            this.hold = hold;
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
        var held = new LinkedHashSet<RealtimeKey>();
        lock.lock();
        try {
            for (RealtimeKey key : keys) {
                Optional<KisFailure> failure = add(key);
                if (failure.isPresent()) {
                    held.forEach(this::remove);
                    return new KisReply.Failed<>(failure.get());
                }
                held.add(key);
            }
        } finally {
            lock.unlock();
        }
        return new KisReply.Ok<>(new Held(held));
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

    private Optional<KisFailure> add(RealtimeKey key) {
        Place place = places.get(key);
        if (place != null) {
            place.users++;
            return Optional.empty();
        }
        var failures = new ArrayList<KisFailure>();
        for (Realtime session : byRoom()) {
            switch (session.hold(key)) {
                case KisReply.Ok<Registration>(Registration hold) -> {
                    places.put(key, new Place(session, hold));
                    return Optional.empty();
                }
                case KisReply.Failed<Registration>(KisFailure failure) -> failures.add(failure);
            }
        }
        // Full is what can change; that a plan of one session does not serve the key is no news then.
        return failures.stream()
                .filter(failure -> failure.kind() == KisFailure.Kind.REGISTRATIONS_FULL)
                .findFirst()
                .or(() -> failures.stream().findFirst());
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

    private void remove(RealtimeKey key) {
        Place place = places.get(key);
        if (place != null && --place.users == 0) {
            places.remove(key);
            place.hold.close();
        }
    }

    private final class Held implements Registration {
        private final Set<RealtimeKey> keys;
        private final AtomicBoolean closed = new AtomicBoolean();

        Held(Set<RealtimeKey> keys) {
            this.keys = Set.copyOf(keys);
        }

        @Override
        public Set<RealtimeKey> keys() {
            return keys;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                lock.lock();
                try {
                    keys.forEach(RealtimePool.this::remove);
                } finally {
                    lock.unlock();
                }
            }
        }

        /** Without the keys: one may be the customer's login id. */
        @Override
        public String toString() {
            return "Registration[" + keys.size() + " keys]";
        }
    }
}
