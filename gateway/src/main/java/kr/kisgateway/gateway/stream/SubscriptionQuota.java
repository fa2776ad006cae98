package kr.kisgateway.gateway.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Caller;

/**
 * Subscribed channels of symbols of all clients: each costs memory whether or not values arrive. A key may have its share of
 * them, so that none takes them all.
 */
final class SubscriptionQuota {
    private final int max;
    private final int keyMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Integer> byKey = new HashMap<>();
    private int taken;

    SubscriptionQuota(int max) {
        this.max = max;
        this.keyMax = max / StreamSettings.KEY_SHARE;
    }

    /** @throws RefusedException when that would exceed the limit; nothing is reserved then */
    void acquire(Caller caller, int count) {
        lock.lock();
        try {
            if (taken + count > max) {
                throw quotaExceeded(
                        "The gateway's clients subscribe to " + taken + " of at most " + max + " channels of symbols.");
            }
            if (!caller.isLocal()) {
                var keyCount = byKey.getOrDefault(caller.name(), 0) + count;
                if (keyCount > keyMax) {
                    throw quotaExceeded(
                            "Your key may subscribe to " + keyMax + " channels of symbols on all its connections.");
                }
                if (count > 0) {
                    byKey.put(caller.name(), keyCount);
                }
            }
            taken += count;
        } finally {
            lock.unlock();
        }
    }

    void release(Caller caller, int count) {
        lock.lock();
        try {
            taken -= count;
            byKey.computeIfPresent(caller.name(), (_, keyCount) -> keyCount > count ? keyCount - count : null);
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

    private static RefusedException quotaExceeded(String reason) {
        return new RefusedException(Refusal.of(ErrorCode.QUOTA_EXCEEDED, reason));
    }
}
