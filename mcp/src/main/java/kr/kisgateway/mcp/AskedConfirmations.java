package kr.kisgateway.mcp;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.mcp.Confirmations.Checked;

/**
 * Confirmations about which a person is asked, until they expire: one that the person has declined is used no more. Each has its place
 * from the question on, so that a no can always be recorded; when no place is free, nothing is asked. In memory: a restart forgets
 * what was declined in the two minutes before it. Safe for any number of threads.
 */
final class AskedConfirmations {
    private static final int MAX = 1_000;
    /** Of one caller, so that it leaves some to others. */
    private static final int OF_CALLER_MAX = 100;

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Asked> asked = new HashMap<>();

    private record Asked(String caller, Instant expires, boolean declined) {
        private Asked decline() {
            return new Asked(caller, expires, true);
        }
    }

    AskedConfirmations(InstantSource clock) {
        this.clock = clock;
    }

    /** Reserves a place for {@code confirmation} until it expires; false when there is none. */
    boolean reserve(String caller, Checked.Valid confirmation) {
        lock.lock();
        try {
            if (asked.containsKey(confirmation.number())) {
                return true;
            }
            var now = clock.instant();
            asked.values().removeIf(it -> !now.isBefore(it.expires()));
            long ofCaller = asked.values().stream()
                    .filter(it -> it.caller().equals(caller))
                    .count();
            if (asked.size() >= MAX || ofCaller >= OF_CALLER_MAX) {
                return false;
            }
            asked.put(confirmation.number(), new Asked(caller, confirmation.expires(), false));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a confirmation that has a place. */
    void decline(Checked.Valid confirmation) {
        lock.lock();
        try {
            asked.computeIfPresent(confirmation.number(), (_, it) -> it.decline());
        } finally {
            lock.unlock();
        }
    }

    boolean isDeclined(Checked.Valid confirmation) {
        lock.lock();
        try {
            var it = asked.get(confirmation.number());
            return it != null && it.declined();
        } finally {
            lock.unlock();
        }
    }
}
