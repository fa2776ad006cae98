package kr.kisgateway.gateway.http;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Calls that wait at an edge while the accounts change their owner. It begins with the first call that no owner took, and ends when an
 * owner answers one, or another gateway becomes the owner. Calls in between wait and are tried again, for a limited time from its
 * beginning. After that an owner is not expected, and calls are refused at once until there is one.
 *
 * <p>Threads: any.
 */
public final class HandOver {
    /** Calls that wait at once; further ones are refused. */
    static final int WAITING_MAX = 256;
    /** Of these, from one network other than this machine: no key was judged yet. */
    static final int WAITING_OF_NETWORK = WAITING_MAX / 4;

    private final Duration limit;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<InetAddress, Integer> waitingOf = new HashMap<>();
    private int waiting;
    private volatile boolean begun;
    private long beginNanos;
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

    /** A time at which nothing is recent any more. */
    long longAgo() {
        return nanos() - limit.toNanos();
    }

    /** Whether a gateway that is known as the owner since then may still be starting. */
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
        begun = false;
    }

    /** Another gateway is the owner, or none: waiting calls try again at once. */
    void ownerChanged() {
        lock.lock();
        try {
            begun = false;
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

    /** @param address of the caller, as a server writes it */
    Wait waitOf(String address) {
        return new Wait(address);
    }

    /** A place among the calls that wait. */
    private record Place(InetAddress network, long untilNanos) {}

    /** The waits of one call. It counts from its first wait until it is closed, once or more often. */
    final class Wait implements AutoCloseable {
        private final String address;
        private Optional<Place> place = Optional.empty();

        private Wait(String address) {
            this.address = address;
        }

        /**
         * Waits, after a trial of the call with which nothing was done.
         *
         * @param pause until the next trial, unless the owner changes
         * @return whether to try it again
         */
        boolean awaitTrial(Duration pause) {
            lock.lock();
            try {
                long now = nanos();
                if (place.isEmpty()) {
                    place = begin(now);
                }
                long left = place.map(it -> it.untilNanos() - now).orElse(0L);
                if (ended || left <= 0) {
                    return false;
                }
                changed.await(Math.min(left, pause.toNanos()), TimeUnit.NANOSECONDS);
                return !ended;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } finally {
                lock.unlock();
            }
        }

        private Optional<Place> begin(long now) {
            InetAddress network = ClientNetwork.of(address);
            if (!begun) {
                begun = true;
                beginNanos = now;
            }
            long until = beginNanos + limit.toNanos();
            int ofNetwork = waitingOf.getOrDefault(network, 0);
            if (until <= now
                    || waiting >= WAITING_MAX
                    || !network.isLoopbackAddress() && ofNetwork >= WAITING_OF_NETWORK) {
                return Optional.empty();
            }
            waiting++;
            waitingOf.put(network, ofNetwork + 1);
            return Optional.of(new Place(network, until));
        }

        @Override
        public void close() {
            if (place.isEmpty()) {
                return;
            }
            lock.lock();
            try {
                waiting--;
                waitingOf.computeIfPresent(place.get().network(), (_, count) -> count == 1 ? null : count - 1);
                place = Optional.empty();
            } finally {
                lock.unlock();
            }
        }
    }
}
