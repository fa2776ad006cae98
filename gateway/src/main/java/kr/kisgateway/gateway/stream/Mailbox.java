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
 * <p>The bytes are those of the messages, which all subscribers of a topic share.
 */
final class Mailbox {
    private static final byte[] CONFLATED = ",\"conflated\":".getBytes(StandardCharsets.US_ASCII);
    /** Stands in the queue for a sign of life. */
    private static final Object BEAT = new Object();

    private final StreamSettings settings;
    private final StreamCounters counters;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    /** Complete messages (as bytes, or with their cursor), and subscriptions whose newest message is in {@code waiting}. */
    private final ArrayDeque<Object> queue = new ArrayDeque<>();

    private final List<Subscription> gapped = new ArrayList<>();
    /** Only the reader's. */
    private final List<Object> taken = new ArrayList<>();

    private long bytes;
    private @Nullable Thread reader;
    private boolean parked;
    private boolean closed;
    private boolean overflowed;

    Mailbox(StreamSettings settings, StreamCounters counters) {
        this.settings = settings;
        this.counters = counters;
    }

    /** Replaces what waits of this subscription. */
    void offerLatest(Subscription subscription, byte[] message, long seq) {
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
                bytes -= replaced.length;
                subscription.conflated++;
                counters.conflated.increment();
            } else {
                queue.add(subscription);
            }
            bytes += message.length;
            subscription.waiting = message;
            wake = wakes();
        } finally {
            lock.unlock();
        }
        wake(wake);
    }

    /** Replaces what waits of this subscription with a message that none will replace, or begins a gap. */
    void offerWhole(Subscription subscription, byte[] message, long seq) {
        lock.lock();
        var wake = false;
        try {
            if (closed) {
                return;
            }
            var replaced = subscription.waiting;
            if (replaced != null) {
                queue.remove(subscription);
                bytes -= replaced.length;
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
            wake = wakes();
        } finally {
            lock.unlock();
        }
        wake(wake);
    }

    /** Takes a trade, or widens the gap when there are too many already. */
    void offerTape(Subscription subscription, byte[] message, long seq) {
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
            wake = wakes();
        } finally {
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
                bytes -= subscription.waiting.length;
                put(unload(subscription));
            }
            flushGap(subscription);
        } finally {
            lock.unlock();
        }
        offerAlways(marker);
    }

    /** Takes a message that may not be dropped; past the bound the mailbox is overflowed and takes nothing more. */
    void offerAlways(byte[] message) {
        always(message, message.length);
    }

    /** The same with the message's cursor. */
    void offerAlways(AccountMessage message) {
        always(message, message.json().length);
    }

    private void always(Object message, int length) {
        lock.lock();
        var wake = false;
        try {
            if (closed) {
                return;
            }
            if (queue.size() >= settings.mailboxMax() || bytes + length > settings.mailboxBytesMax()) {
                overflow();
            } else {
                queue.add(message);
                bytes += length;
            }
            wake = wakes();
        } finally {
            lock.unlock();
        }
        wake(wake);
    }

    /** A sign of life, unless something waits anyway. */
    void offerBeat() {
        lock.lock();
        var wake = false;
        try {
            if (closed || !queue.isEmpty()) {
                return;
            }
            queue.add(BEAT);
            wake = wakes();
        } finally {
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
            wake = wakes();
        } finally {
            lock.unlock();
        }
        wake(wake);
    }

    private void overflow() {
        overflowed = true;
        closed = true;
        empty();
        counters.slowClosed.increment();
    }

    /**
     * Waits until half of what trades may fill is free.
     *
     * @return false when the mailbox is closed, or the wait was interrupted
     */
    boolean awaitRoom() {
        lock.lock();
        try {
            while (!closed && (queue.size() > settings.tapeMax() / 2 || bytes > settings.tapeBytesMax() / 2)) {
                if (!room.await(1, TimeUnit.MINUTES)) {
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
    void forget(Subscription subscription) {
        lock.lock();
        try {
            if (subscription.waiting != null) {
                queue.remove(subscription);
                bytes -= subscription.waiting.length;
                subscription.waiting = null;
            }
            gapped.remove(subscription);
            subscription.gapFrom = 0;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        var wake = false;
        try {
            closed = true;
            empty();
            wake = wakes();
        } finally {
            lock.unlock();
        }
        wake(wake);
    }

    private void empty() {
        queue.clear();
        gapped.clear();
        bytes = 0;
        room.signalAll();
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
                if (closed) {
                    return false;
                }
                if (!queue.isEmpty()) {
                    takeSome();
                    break;
                }
                reader = Thread.currentThread();
                parked = true;
            } finally {
                lock.unlock();
            }
            LockSupport.park(this);
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
        }
        for (var message : taken) {
            switch (message) {
                case byte[] json -> frame.add(json);
                case AccountMessage withCursor -> frame.add(withCursor);
                default -> frame.beat();
            }
        }
        taken.clear();
        return true;
    }

    private void takeSome() {
        var out = 0;
        while (out < settings.frameBytesMax() && !queue.isEmpty()) {
            var next = queue.remove();
            var length = switch (next) {
                case Subscription subscription -> {
                    var waited = subscription.waiting == null ? 0 : subscription.waiting.length;
                    taken.add(unload(subscription));
                    yield waited;
                }
                case byte[] json -> {
                    taken.add(json);
                    yield json.length;
                }
                case AccountMessage message -> {
                    taken.add(message);
                    yield message.json().length;
                }
                default -> {
                    taken.add(next);
                    yield 0;
                }
            };
            out += length;
            bytes -= length;
        }
        if (queue.isEmpty()) {
            // Everything is out: the gaps that no later trade announced are told now.
            while (!gapped.isEmpty()) {
                var subscription = gapped.removeLast();
                taken.add(gap(subscription));
                subscription.gapFrom = 0;
            }
        }
        room.signalAll();
    }

    private boolean isFullForTape() {
        return queue.size() >= settings.tapeMax() || bytes >= settings.tapeBytesMax();
    }

    private void put(byte[] message) {
        queue.add(message);
        bytes += message.length;
    }

    private void widenGap(Subscription subscription, long from, long to) {
        if (subscription.gapFrom == 0) {
            subscription.gapFrom = from;
            gapped.add(subscription);
        }
        subscription.gapTo = to;
    }

    private static byte[] unload(Subscription subscription) {
        var message = subscription.waiting;
        if (message == null) {
            throw new IllegalStateException("a queued subscription has a message");
        }
        subscription.waiting = null;
        return conflated(subscription, message);
    }

    /** The message with the count of those it replaced, which begins anew. */
    private static byte[] conflated(Subscription subscription, byte[] message) {
        if (subscription.conflated == 0) {
            return message;
        }
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

    private boolean wakes() {
        var wakes = parked;
        parked = false;
        return wakes;
    }

    private void wake(boolean wake) {
        if (wake) {
            LockSupport.unpark(reader);
        }
    }
}
