package kr.kisgateway.gateway.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Caller;

/**
 * How many channels of symbols are listened to by all together: each costs memory whether or not anything comes. A key may
 * have its part of them, so that none takes them all.
 */
final class SubscriptionQuota {
    private final int max;
    private final int maxOfKey;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Integer> byKey = new HashMap<>();
    private int taken;

    SubscriptionQuota(int max) {
        this.max = max;
        this.maxOfKey = max / StreamSettings.KEY_PART;
    }

    /** @throws RefusedException when that would be too many; nothing is taken then */
    void take(Caller caller, int count) {
        lock.lock();
        try {
            if (taken + count > max) {
                throw refused("The gateway's clients listen to " + taken + " channels of symbols, of " + max
                        + " that there may be.");
            }
            if (!caller.isLocal()) {
                var of = byKey.getOrDefault(caller.name(), 0) + count;
                if (of > maxOfKey) {
                    throw refused(
                            "Your key may listen to " + maxOfKey + " channels of symbols on all its connections.");
                }
                if (count > 0) {
                    byKey.put(caller.name(), of);
                }
            }
            taken += count;
        } finally {
            lock.unlock();
        }
    }

    void giveBack(Caller caller, int count) {
        lock.lock();
        try {
            taken -= count;
            byKey.computeIfPresent(caller.name(), (_, of) -> of > count ? of - count : null);
        } finally {
            lock.unlock();
        }
    }

    int taken() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private static RefusedException refused(String why) {
        return new RefusedException(Refusal.of(ErrorCode.QUOTA_EXCEEDED, why));
    }
}
