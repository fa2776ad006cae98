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
import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.stream.Frame.AccountMessage;
import org.jspecify.annotations.Nullable;

/**
 * A client's unread messages, bounded in messages and in bytes. Offering never blocks on the client: a conflating message
 * replaces the queued one, a trade that does not fit widens a gap, and messages that may not be dropped fill up to the bound
 * and then mark the mailbox overflowed. One thread drains and joins them.
 *
 * <p>Its own bound counts the bytes of all queued messages, although subscribers of a topic share them; the bound of all
 * mailboxes ({@link StreamMemory}) counts the memory really used.
 */
final class Mailbox {
    /** While memory is tight, frames are shorter: an unsent frame is memory of one client alone. */
    private static final int SHORT_FRAME = 8 * 1024;

    private static final byte[] CONFLATED = ",\"conflated\":".getBytes(StandardCharsets.US_ASCII);
    /** Queue entry of a heartbeat. */
    private static final Object HEARTBEAT = new Object();

    /** Bytes per queue entry, including the queue's room to grow. */
    private static final long QUEUE_SLOT_BYTES = 8;
    /** A frame in flight exists three times: joined, as text, and as written by the server library. */
    private static final long FRAME_COPIES = 3;
    /** Exclusive bytes are reported to the shared memory in steps of this size. */
    private static final long REPORT_STEP_BYTES = 1_024;
    /** A queue longer than this is reallocated once it is empty. */
    private static final int LONG_QUEUE_SIZE = 256;

    private final StreamSettings.Client settings;
    private final StreamCounters counters;
    private final StreamMemory memory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition spaceAvailable = lock.newCondition();
    /** Complete messages (shared, as bytes, or with their cursor), and subscriptions whose newest message is in {@code waiting}. */
    private ArrayDeque<Object> queue = new ArrayDeque<>();

    private final List<Subscription> gapped = new ArrayList<>();
    /** Used by the reader only. */
    private final List<Object> taken = new ArrayList<>();

    /** Bytes of all queued messages. */
    private long bytes;
    /** Bytes of queued messages that no other mailbox shares. */
    private long exclusiveBytes;
    /** Bytes of the frame taken last, until the next is taken. */
    private long inFlightBytes;
    /** Exclusive bytes last reported to {@link #memory}. */
    private long reportedBytes;
    /** Change of shared bytes not yet reported to {@link #memory}. */
    private long unreportedSharedBytes;

    /** When the oldest shared message of the frame taken last was published. Used by the reader only. */
    private long oldestPublishedAt = Long.MAX_VALUE;

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

    /** Queues a message, replacing the queued one of this subscription. */
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

    /** Queues a message that no later one replaces, in place of the queued one, or begins a gap. */
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

    /** Queues a trade, or widens the gap when the queue is full. */
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

    /** Marks an upstream gap, behind the queued messages and this mailbox's own gap, if any. */
    void offerGap(Subscription subscription, byte[] marker) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            // The queued value precedes the gap: later values must not take its place in front of the marker.
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

    /** Queues a message that may not be dropped; past the bound the mailbox overflows and accepts nothing more. */
    void offerAlways(byte[] message) {
        offerUndroppable(message, message.length);
    }

    /** As {@link #offerAlways(byte[])}, with the message's cursor. */
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

    /** Queues a heartbeat, unless a message is queued. */
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

    /** Marks the mailbox overflowed: messages that may not be dropped exceeded a bound, here or where they were deferred. */
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

    /** Closes and clears the mailbox for lack of memory. The caller discards the frame in flight. */
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

    /** Whether messages have been queued since before {@code millis} of the clock and none was taken. */
    boolean isStalledSince(long millis) {
        lock.lock();
        try {
            return lastTakenAt < millis && (inFlightBytes > 0 || !queue.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    /** Bytes queued or in flight, shared or not. */
    long pendingBytes() {
        lock.lock();
        try {
            return bytes + inFlightBytes;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until half of the capacity for trades is free.
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

    /** Discards what is queued for an unsubscribed topic. */
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

    /** Bytes of the queued messages. */
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for messages and moves them into {@code frame}, up to its size. Called by one thread only.
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

    /** The frame taken last has been written. Called by the reader. */
    void delivered() {
        counters.delivered(oldestPublishedAt);
    }

    /** Moves queued messages to {@link #taken}; returns their bytes. */
    private int drain() {
        var takenBytes = 0;
        oldestPublishedAt = Long.MAX_VALUE;
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
                    oldestPublishedAt = Math.min(oldestPublishedAt, removed.publishedAt);
                    release(removed);
                    yield removed.json.length;
                }
                case SharedMessage message -> {
                    taken.add(message);
                    oldestPublishedAt = Math.min(oldestPublishedAt, message.publishedAt);
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
            // The queue is empty: gaps that no later trade announced are sent now.
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

    /** Reports changes to the shared memory; small changes of exclusive bytes only once they add up. */
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

    /** The message with the count of those it replaced; resets the count. */
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
                subscription.subject,
                subscription.gapFrom,
                subscription.gapTo,
                GapCause.SLOW_CONSUMER);
    }

    private boolean shouldWake() {
        var wakes = readerParked;
        if (wakes) {
            lastTakenAt = memory.now(); // the queue was empty before
        }
        readerParked = false;
        return wakes;
    }

    /** Wakes the reader at the end of every offer, outside the lock. */
    private void wake(boolean wake) {
        if (wake) {
            LockSupport.unpark(reader);
        }
        memory.evictIfFull();
    }
}
