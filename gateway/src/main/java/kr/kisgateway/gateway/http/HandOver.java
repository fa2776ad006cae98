package kr.kisgateway.gateway.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Calls that wait at an edge while the accounts change their owner. It begins with the first call that no owner took, and ends with the
 * first that one answered: calls in between wait and are tried again, for a limited time from its beginning. After that an owner is not
 * expected, and calls are refused at once until there is one.
 *
 * <p>Threads: any.
 */
public final class HandOver {
    /** Calls that wait at once; further ones are refused. */
    static final int WAITING_MAX = 256;
    /** Between two trials: the owner may be known, and not listen yet. */
    private static final Duration TRIAL = Duration.ofMillis(200);

    private final Duration limit;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean begun;
    private long beginNanos;
    private int waiting;
    private boolean ended;

    /**
     * @param limit how long calls wait, from the first on
     * @param nanos a clock that never goes back
     */
    public HandOver(Duration limit, LongSupplier nanos) {
        this.limit = limit;
        this.nanos = nanos;
    }

    /** One in which no call waits. */
    public static HandOver none() {
        return new HandOver(Duration.ZERO, () -> 0);
    }

    long nanos() {
        return nanos.getAsLong();
    }

    /** Whether a gateway that became the owner then may still be starting. */
    boolean isRecent(long sinceNanos) {
        return nanos() - sinceNanos < limit.toNanos();
    }

    /** Calls that wait now. */
    int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    /** An owner answered a call. */
    void ownerAnswered() {
        if (begun) {
            lock.lock();
            try {
                begun = false;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Lets waiting calls try again at once. */
    void ownerChanged() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits for good: this gateway stops, or becomes the owner itself. */
    public void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits, after a trial of a call with which nothing was done.
     *
     * @return whether to try it again
     */
    boolean awaitTrial() {
        lock.lock();
        try {
            long now = nanos();
            if (!begun) {
                begun = true;
                beginNanos = now;
            }
            long left = beginNanos + limit.toNanos() - now;
            if (ended || left <= 0 || waiting >= WAITING_MAX) {
                return false;
            }
            waiting++;
            try {
                changed.await(Math.min(left, TRIAL.toNanos()), TimeUnit.NANOSECONDS);
            } finally {
                waiting--;
            }
            return !ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
