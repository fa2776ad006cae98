package kr.kisgateway.gateway.face;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often a key may register: all it has three times at once, for a start and restarts, and then once in three seconds. KIS
 * blocks app keys that change their registrations all the time, so the pool changes few a minute, and those are for all keys.
 */
final class RegistrationRates {
    private static final int BURST = 3 * 41;
    private static final Duration INTERVAL = Duration.ofSeconds(3);

    /** When the bucket of a key is full again; only of keys whose bucket is not. */
    private final Map<String, Instant> fullAt = new ConcurrentHashMap<>();

    /** Takes a registration of the key, if it has one left. */
    boolean take(String keyId, Instant now) {
        var taken = new boolean[1];
        fullAt.compute(keyId, (_, before) -> {
            Instant from = before == null || before.isBefore(now) ? now : before;
            Instant next = from.plus(INTERVAL);
            taken[0] = !next.isAfter(now.plus(INTERVAL.multipliedBy(BURST)));
            return taken[0] ? next : from;
        });
        return taken[0];
    }

    /** Forgets keys whose bucket is full. */
    void clean(Instant now) {
        fullAt.values().removeIf(at -> !at.isAfter(now));
    }
}
