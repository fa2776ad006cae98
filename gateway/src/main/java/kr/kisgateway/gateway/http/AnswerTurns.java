package kr.kisgateway.gateway.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;

/**
 * Limits the processor time and the memory of long answers that are being made: one of each key at a time, and a few
 * of all keys together. The other requests of a key wait in their order, so that a hundred connections of one key delay
 * orders and other keys no more than one does.
 */
final class AnswerTurns {
    /** Requests of one key that may wait; a program that sends more does not read its answers. */
    static final int WAITING_MAX = 64;

    private final Duration patience;
    private final Semaphore together;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, Turn> turnByKey = new HashMap<>();

    /** The turn of one key, and the requests that have or want it. */
    private static final class Turn {
        private final Semaphore free = new Semaphore(1, true);
        private int requests;
    }

    /**
     * @param together long answers of all keys that are made at a time
     * @param patience how long a request waits for its turn
     */
    AnswerTurns(int together, Duration patience) {
        this.together = new Semaphore(together, true);
        this.patience = patience;
    }

    /**
     * Makes an answer in the turn of {@code key}, a key's name or an address of callers without one.
     *
     * @throws RefusedException {@code QUOTA_EXCEEDED} when too many requests of the key wait, or the turn did not come
     *     in time; {@code work} was not called
     */
    <T> T make(Object key, Supplier<T> work) {
        var turn = join(key);
        try {
            acquire(turn.free);
            try {
                acquire(together);
                try {
                    return work.get();
                } finally {
                    together.release();
                }
            } finally {
                turn.free.release();
            }
        } finally {
            leave(key, turn);
        }
    }

    /** Requests that have or want a turn. */
    int requests() {
        lock.lock();
        try {
            return turnByKey.values().stream().mapToInt(turn -> turn.requests).sum();
        } finally {
            lock.unlock();
        }
    }

    private Turn join(Object key) {
        lock.lock();
        try {
            var turn = turnByKey.computeIfAbsent(key, _ -> new Turn());
            if (turn.requests > WAITING_MAX) {
                throw refused("Your key waits for " + WAITING_MAX + " other long answers; read them, then retry.");
            }
            turn.requests++;
            return turn;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Object key, Turn turn) {
        lock.lock();
        try {
            turn.requests--;
            if (turn.requests == 0) {
                turnByKey.remove(key);
            }
        } finally {
            lock.unlock();
        }
    }

    private void acquire(Semaphore permit) {
        try {
            if (!permit.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw refused("Too many long answers are requested; try again.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused("The gateway stops.");
        }
    }

    private static RefusedException refused(String message) {
        return new RefusedException(Refusal.of(ErrorCode.QUOTA_EXCEEDED, message));
    }
}
