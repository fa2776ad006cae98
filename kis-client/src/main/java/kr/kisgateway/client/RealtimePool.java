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
import kr.kisgateway.client.session.RegistrationHandle;
import kr.kisgateway.wire.RealtimeKey;

/**
 * The realtime sessions of several app keys as one: KIS allows each key one session of 41 registrations. A registered key
 * stays where it is; another goes to the session with the most room among those whose plan serves it. Give the
 * clients the plans of {@link SessionPlan#splitAcross}, or the usual one.
 */
public final class RealtimePool {
    /** Sessions of one pool. */
    public static final int SESSIONS_MAX = 20;

    /** The session of a key; the session counts its users itself, because KIS may take a registration away from all of them. */
    private static final class PooledKey {
        private Realtime session;
        private int userCount;

        PooledKey(Realtime session) {
            this.session = session;
        }
    }

    private final List<Realtime> sessions;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<RealtimeKey, PooledKey> pooledKeys = new HashMap<>();

    /** @param sessions of different app keys; their clients are opened and closed by the caller */
    public RealtimePool(List<Realtime> sessions) {
        if (sessions.isEmpty() || sessions.size() > SESSIONS_MAX) {
            throw new IllegalArgumentException("a pool has 1 to " + SESSIONS_MAX + " sessions");
        }
        this.sessions = List.copyOf(sessions);
    }

    /** As {@link Realtime#acquireRegistration(Set)}: all of {@code keys}, on any sessions, or none. */
    public KisReply<Registration> acquireRegistration(Set<RealtimeKey> keys) {
        var acquired = new HashMap<RealtimeKey, Registration>();
        lock.lock();
        try {
            for (RealtimeKey key : keys) {
                switch (acquireKey(key)) {
                    case KisReply.Ok<Registration>(Registration registration) -> acquired.put(key, registration);
                    case KisReply.Failed<Registration>(KisFailure failure) -> {
                        acquired.forEach(this::releaseKey);
                        return new KisReply.Failed<>(failure);
                    }
                }
            }
        } finally {
            lock.unlock();
        }
        return new KisReply.Ok<>(new RegistrationHandle(acquired.keySet(), () -> release(acquired)));
    }

    /** As {@link #acquireRegistration(Set)}, of one. */
    public KisReply<Registration> acquireRegistration(RealtimeKey key) {
        return acquireRegistration(Set.of(key));
    }

    /** A snapshot of each session, in the order in which they were given. */
    public List<RealtimeStatus> status() {
        return sessions.stream().map(Realtime::status).toList();
    }

    /** The session of {@code key}; empty when it is not registered here. */
    public Optional<Realtime> sessionOf(RealtimeKey key) {
        lock.lock();
        try {
            return Optional.ofNullable(pooledKeys.get(key)).map(pooledKey -> pooledKey.session);
        } finally {
            lock.unlock();
        }
    }

    private KisReply<Registration> acquireKey(RealtimeKey key) {
        var failures = new ArrayList<KisFailure>();
        for (Realtime session : candidates(key)) {
            switch (session.acquireRegistration(key)) {
                case KisReply.Ok<Registration> acquired -> {
                    PooledKey pooledKey = pooledKeys.computeIfAbsent(key, _ -> new PooledKey(session));
                    pooledKey.session = session;
                    pooledKey.userCount++;
                    return acquired;
                }
                case KisReply.Failed<Registration>(KisFailure failure) -> failures.add(failure);
            }
        }
        // A full session can change; that a plan of one session does not serve the key cannot.
        return new KisReply.Failed<>(failures.stream()
                .filter(failure -> failure.kind() == KisFailure.Kind.REGISTRATIONS_FULL)
                .findFirst()
                .orElseGet(failures::getFirst));
    }

    private List<Realtime> candidates(RealtimeKey key) {
        PooledKey pooledKey = pooledKeys.get(key);
        return pooledKey == null
                ? byFreeCapacity()
                : Stream.concat(Stream.of(pooledKey.session), byFreeCapacity().stream())
                        .distinct()
                        .toList();
    }

    private List<Realtime> byFreeCapacity() {
        Map<Realtime, Integer> freeCapacity = new HashMap<>();
        sessions.forEach(session -> freeCapacity.put(session, session.freeRegistrations()));
        return sessions.stream()
                .sorted(Comparator.comparing((Realtime session) -> freeCapacity.getOrDefault(session, 0))
                        .reversed())
                .toList();
    }

    private void release(Map<RealtimeKey, Registration> acquired) {
        lock.lock();
        try {
            acquired.forEach(this::releaseKey);
        } finally {
            lock.unlock();
        }
    }

    private void releaseKey(RealtimeKey key, Registration registration) {
        registration.close();
        PooledKey pooledKey = pooledKeys.get(key);
        if (pooledKey != null && --pooledKey.userCount == 0) {
            pooledKeys.remove(key);
        }
    }
}
