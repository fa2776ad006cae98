package kr.kisgateway.gateway.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.gateway.stream.Frame.AccountMessage;
import org.jspecify.annotations.Nullable;

/**
 * What one client has not read yet, bounded in messages and in bytes. Offering never blocks on the client: a conflating
 * message replaces the one that waits, a trade that does not fit widens a gap, and what may not be dropped fills up to the
 * bound and then marks the mailbox overflowed. One thread takes everything out and joins it.
 *
 * <p>Its own bound counts the bytes of all messages in it, although subscribers of a topic share them; the bound of all
 * mailboxes ({@link StreamMemory}) counts what is really held.
 */
final class Mailbox {
    /** While memory is tight, fewer bytes are joined: what a client has not taken yet is held for it alone. */
    private static final int SHORT_FRAME = 8 * 1024;

    private static final byte[] CONFLATED = ",\"conflated\":".getBytes(StandardCharsets.US_ASCII);
    /** Stands in the queue for a sign of life. */
    private static final Object HEARTBEAT = new Object();

    /** What a place in the queue costs, with the room that the queue keeps for growing. */
    private static final long QUEUE_SLOT_BYTES = 8;
    /** A frame on its way exists three times: joined, as text, and as the server library writes it. */
    private static final long FRAME_COPIES = 3;
    /** What is held alone is told to the memory of all in steps of this. */
    private static final long REPORT_STEP_BYTES = 1_024;
    /** A queue that was longer is made anew when it has become empty. */
    private static final int LONG_QUEUE_SIZE = 256;

    private final StreamSettings.Client settings;
    private final StreamCounters counters;
    private final StreamMemory memory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition spaceAvailable = lock.newCondition();
    /** Complete messages (shared, as bytes, or with their cursor), and subscriptions whose newest message is in {@code waiting}. */
    private ArrayDeque<Object> queue = new ArrayDeque<>();

    private final List<Subscription> gapped = new ArrayList<>();
    /** Only the reader's. */
    private final List<Object> taken = new ArrayList<>();

    /** Of all messages. */
    private long bytes;
    /** Of those that no other mailbox holds. */
    private long exclusiveBytes;
    /** Of the frame that was taken out last, until the next is. */
    private long inFlightBytes;
    /** What {@link #memory} knows of what is held here alone. */
    private long reportedBytes;
    /** Shared bytes held more, or less, than {@link #memory} knows. */
    private long unreportedSharedBytes;

    private long lastTakenAt;
    private boolean wasLong;
    private @Nullable Thread reader;
    private boolean readerParked;
    private boolean closed;
    private boolean overflowed;

    Mailbox(StreamSettings.Client settings, StreamCounters counters, StreamMemory memory) {
        this.settings = settings;
        this.counters = counters;
        this.memory = memory;
        this.lastTakenAt = memory.now();
    }

    /** Replaces what waits of this subscription. */
    void offerLatest(Subscription subscription, SharedMessage message, long seq) {
        lock.lock();
        var wake = false;
        try {
            if (closed) {
                return;
            }
            if (subscription.gapFrom > 0) {
                if (isFullForTape()) {
                    subscription.gapTo = seq;
                    return;
                }
                flushGap(subscription);
            }
            var replaced = subscription.waiting;
            if (replaced != null) {
                release(replaced);
                subscription.conflated++;
                counters.conflated.increment();
            } else {
                queue.add(subscription);
            }
            retain(message);
            subscription.waiting = message;
            wake = shouldWake();
        } finally {
            reportMemory();
            lock.unlock();
        }
        wake(wake);
    }

    /** Replaces what waits of this subscription with a message that none will replace, or begins a gap. */
    void offerFinal(Subscription subscription, SharedMessage message, long seq) {
        lock.lock();
        var wake = false;
        try {
            if (closed) {
                return;
            }
            var replaced = subscription.waiting;
            if (replaced != null) {
                queue.remove(subscription);
                release(replaced);
                subscription.waiting = null;
                subscription.conflated++;
                counters.conflated.increment();
            }
            if (isFullForTape()) {
                var first = seq - subscription.conflated;
                subscription.conflated = 0;
                widenGap(subscription, first, seq);
            } else {
                flushGap(subscription);
                put(conflated(subscription, message));
            }
            wake = shouldWake();
        } finally {
            reportMemory();
            lock.unlock();
        }
        wake(wake);
    }

    /** Takes a trade, or widens the gap when there are too many already. */
    void offerTape(Subscription subscription, SharedMessage message, long seq) {
        lock.lock();
        var wake = false;
        try {
            if (closed) {
                return;
            }
            if (isFullForTape()) {
                counters.gaps.increment();
                widenGap(subscription, seq, seq);
            } else {
                flushGap(subscription);
                put(message);
            }
            wake = shouldWake();
        } finally {
            reportMemory();
            lock.unlock();
        }
        wake(wake);
    }

    /** Marks a gap that arose upstream, behind what waits and the gap of our own making, if there is one. */
    void offerGap(Subscription subscription, byte[] marker) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            // What waits came before the gap: later values must not take its place in front of the marker.
            if (subscription.waiting != null) {
                queue.remove(subscription);
                var removed = subscription.waiting;
                put(takeWaiting(subscription));
                release(removed);
            }
            flushGap(subscription);
        } finally {
            reportMemory();
            lock.unlock();
        }
        offerAlways(marker);
    }

    /** Takes a message that may not be dropped; past the bound the mailbox is overflowed and takes nothing more. */
    void offerAlways(byte[] message) {
        offerUndroppable(message, message.length);
    }

    /** The same with the message's cursor. */
    void offerAlways(AccountMessage message) {
        offerUndroppable(message, message.json().length);
    }

    private void offerUndroppable(Object message, int length) {
        lock.lock();
        var wake = false;
        try {
            if (closed) {
                return;
            }
            if (queue.size() >= settings.mailboxMax() || bytes + length > settings.mailboxBytesMax()) {
                overflow();
                counters.slowClosed.increment();
            } else {
                put(message);
            }
            wake = shouldWake();
        } finally {
            reportMemory();
            lock.unlock();
        }
        wake(wake);
    }

    /** A sign of life, unless something waits anyway. */
    void offerHeartbeat() {
        lock.lock();
        var wake = false;
        try {
            if (closed || !queue.isEmpty()) {
                return;
            }
            queue.add(HEARTBEAT);
            wake = shouldWake();
        } finally {
            reportMemory();
            lock.unlock();
        }
        wake(wake);
    }

    /** What may not be dropped was too much, wherever it waited. */
    void overflowed() {
        lock.lock();
        var wake = false;
        try {
            if (closed) {
                return;
            }
            overflow();
            counters.slowClosed.increment();
            wake = shouldWake();
        } finally {
            reportMemory();
            lock.unlock();
        }
        wake(wake);
    }

    private void overflow() {
        overflowed = true;
        closed = true;
        clear();
    }

    /** Takes nothing more and holds nothing: there is no memory for it. Its frame on its way is given up by who calls. */
    void evict() {
        lock.lock();
        var wake = false;
        try {
            inFlightBytes = 0;
            if (!closed) {
                overflow();
            }
            wake = shouldWake();
        } finally {
            reportMemory();
            lock.unlock();
        }
        wake(wake);
    }

    /** Whether there has been something to take since before {@code millis} of the clock and nothing was taken. */
    boolean isStalledSince(long millis) {
        lock.lock();
        try {
            return lastTakenAt < millis && (inFlightBytes > 0 || !queue.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that wait or are on their way, shared or not. */
    long pendingBytes() {
        lock.lock();
        try {
            return bytes + inFlightBytes;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until half of what trades may fill is free.
     *
     * @return false when the mailbox is closed, or the wait was interrupted
     */
    boolean awaitSpace() {
        lock.lock();
        try {
            while (!closed && (queue.size() > settings.tapeMax() / 2 || bytes > settings.tapeBytesMax() / 2)) {
                if (!spaceAvailable.await(1, TimeUnit.MINUTES)) {
                    return false;
                }
            }
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what waits of an unsubscribed topic. */
    void discard(Subscription subscription) {
        lock.lock();
        try {
            if (subscription.waiting != null) {
                queue.remove(subscription);
                release(subscription.waiting);
                subscription.waiting = null;
            }
            gapped.remove(subscription);
            subscription.gapFrom = 0;
        } finally {
            reportMemory();
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        var wake = false;
        try {
            closed = true;
            inFlightBytes = 0;
            clear();
            wake = shouldWake();
        } finally {
            reportMemory();
            lock.unlock();
        }
        wake(wake);
    }

    private void clear() {
        for (var message : queue) {
            switch (message) {
                case SharedMessage each -> release(each);
                case Subscription subscription -> {
                    if (subscription.waiting != null) {
                        release(subscription.waiting);
                        subscription.waiting = null;
                    }
                }
                default -> {}
            }
        }
        queue = new ArrayDeque<>();
        gapped.clear();
        bytes = 0;
        exclusiveBytes = 0;
        spaceAvailable.signalAll();
    }

    boolean isOverflowed() {
        lock.lock();
        try {
            return overflowed;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of the messages that wait. */
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for messages and puts what there is into {@code frame}, up to its size. Called by one thread only.
     *
     * @return false when the mailbox is closed
     */
    boolean take(Frame frame) {
        while (true) {
            lock.lock();
            try {
                lastTakenAt = memory.now();
                inFlightBytes = 0;
                if (closed) {
                    return false;
                }
                if (!queue.isEmpty()) {
                    frame.reserve(drain());
                    break;
                }
                frame.shrink();
                if (wasLong) {
                    queue = new ArrayDeque<>();
                    wasLong = false;
                }
                reader = Thread.currentThread();
                readerParked = true;
            } finally {
                reportMemory();
                lock.unlock();
            }
            LockSupport.park(this);
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
        }
        for (var each : taken) {
            switch (each) {
                case byte[] json -> frame.add(json);
                case SharedMessage message -> frame.add(message.json);
                case AccountMessage withCursor -> frame.add(withCursor);
                default -> frame.addHeartbeat();
            }
        }
        taken.clear();
        memory.evictIfFull();
        return true;
    }

    /** How many bytes were taken. */
    private int drain() {
        var takenBytes = 0;
        var limit = memory.isTight() ? Math.min(SHORT_FRAME, settings.frameBytesMax()) : settings.frameBytesMax();
        wasLong |= queue.size() > LONG_QUEUE_SIZE;
        while (takenBytes < limit && !queue.isEmpty()) {
            takenBytes += switch (queue.remove()) {
                case Subscription subscription -> {
                    var removed = subscription.waiting;
                    if (removed == null) {
                        throw new IllegalStateException("a queued subscription has a message");
                    }
                    taken.add(takeWaiting(subscription));
                    release(removed);
                    yield removed.json.length;
                }
                case SharedMessage message -> {
                    taken.add(message);
                    release(message);
                    yield message.json.length;
                }
                case byte[] json -> {
                    taken.add(json);
                    release(json.length);
                    yield json.length;
                }
                case AccountMessage message -> {
                    taken.add(message);
                    release(message.json().length);
                    yield message.json().length;
                }
                case Object heartbeat -> {
                    taken.add(heartbeat);
                    yield 0;
                }
            };
        }
        inFlightBytes = FRAME_COPIES * takenBytes;
        if (queue.isEmpty()) {
            // Everything is out: the gaps that no later trade announced are told now.
            while (!gapped.isEmpty()) {
                var subscription = gapped.removeLast();
                taken.add(gap(subscription));
                subscription.gapFrom = 0;
            }
        }
        spaceAvailable.signalAll();
        return takenBytes;
    }

    private boolean isFullForTape() {
        return queue.size() >= settings.tapeMax()
                || bytes >= settings.tapeBytesMax()
                || bytes >= settings.frameBytesMax() && memory.isTight();
    }

    private void put(Object message) {
        queue.add(message);
        switch (message) {
            case SharedMessage each -> retain(each);
            case AccountMessage each -> retain(each.json().length);
            case byte[] each -> retain(each.length);
            default -> throw new IllegalArgumentException("no message");
        }
    }

    private void retain(SharedMessage message) {
        bytes += message.json.length;
        unreportedSharedBytes += message.retain();
    }

    private void release(SharedMessage message) {
        bytes -= message.json.length;
        unreportedSharedBytes -= message.release();
    }

    private void retain(int length) {
        bytes += length;
        exclusiveBytes += length;
    }

    private void release(int length) {
        bytes -= length;
        exclusiveBytes -= length;
    }

    /** Tells the memory of all what has changed here, small changes of what nobody shares only when they add up. */
    private void reportMemory() {
        var change = unreportedSharedBytes;
        unreportedSharedBytes = 0;
        var exclusive = exclusiveBytes + inFlightBytes + QUEUE_SLOT_BYTES * queue.size();
        if (Math.abs(exclusive - reportedBytes) >= REPORT_STEP_BYTES || closed) {
            change += exclusive - reportedBytes;
            reportedBytes = exclusive;
        }
        memory.add(change);
    }

    private void widenGap(Subscription subscription, long from, long to) {
        if (subscription.gapFrom == 0) {
            subscription.gapFrom = from;
            gapped.add(subscription);
        }
        subscription.gapTo = to;
    }

    private static Object takeWaiting(Subscription subscription) {
        var message = subscription.waiting;
        if (message == null) {
            throw new IllegalStateException("a queued subscription has a message");
        }
        subscription.waiting = null;
        return conflated(subscription, message);
    }

    /** The message with the count of those it replaced, which begins anew. */
    private static Object conflated(Subscription subscription, SharedMessage original) {
        if (subscription.conflated == 0) {
            return original;
        }
        var message = original.json;
        var count = Long.toString(subscription.conflated).getBytes(StandardCharsets.US_ASCII);
        subscription.conflated = 0;
        var end = message.length - 1;
        var longer = Arrays.copyOf(message, end + CONFLATED.length + count.length + 1);
        System.arraycopy(CONFLATED, 0, longer, end, CONFLATED.length);
        System.arraycopy(count, 0, longer, end + CONFLATED.length, count.length);
        longer[longer.length - 1] = '}';
        return longer;
    }

    private void flushGap(Subscription subscription) {
        if (subscription.gapFrom > 0) {
            put(gap(subscription));
            subscription.gapFrom = 0;
            gapped.remove(subscription);
        }
    }

    private static byte[] gap(Subscription subscription) {
        return StreamJson.gap(
                subscription.channel,
                subscription.code,
                subscription.gapFrom,
                subscription.gapTo,
                GapCause.SLOW_CONSUMER);
    }

    private boolean shouldWake() {
        var wakes = readerParked;
        if (wakes) {
            lastTakenAt = memory.now(); // there was nothing to take before
        }
        readerParked = false;
        return wakes;
    }

    /** What every offer ends with, outside the lock. */
    private void wake(boolean wake) {
        if (wake) {
            LockSupport.unpark(reader);
        }
        memory.evictIfFull();
    }
}
