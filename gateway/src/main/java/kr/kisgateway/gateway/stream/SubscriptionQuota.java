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
    private final Map<String, Integer> byCaller = new HashMap<>();
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
            var callerCount = byCaller.getOrDefault(caller.name(), 0) + count;
            if (!caller.isLocal() && callerCount > keyMax) {
                throw quotaExceeded(
                        "Your key may subscribe to " + keyMax + " channels of symbols on all its connections.");
            }
            if (count > 0) {
                byCaller.put(caller.name(), callerCount);
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
            byCaller.computeIfPresent(
                    caller.name(), (_, callerCount) -> callerCount > count ? callerCount - count : null);
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

    /** Subscribed channels of symbols by the name of the caller, of those who have any. */
    Map<String, Integer> byCaller() {
        lock.lock();
        try {
            return Map.copyOf(byCaller);
        } finally {
            lock.unlock();
        }
    }

    private static RefusedException quotaExceeded(String reason) {
        return new RefusedException(Refusal.of(ErrorCode.QUOTA_EXCEEDED, reason));
    }
}
