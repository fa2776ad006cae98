package kr.kisgateway.gateway.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one client has not read yet. Offering never blocks on the client: a conflating message replaces the one that
 * waits, a trade that does not fit widens a gap, and what may not be dropped fills up to the bound and then marks the
 * mailbox overflowed. One thread takes everything out and joins it.
 */
final class Mailbox {
    private static final byte[] CONFLATED = ",\"conflated\":".getBytes(StandardCharsets.US_ASCII);

    private final StreamSettings settings;
    private final StreamCounters counters;
    private final ReentrantLock lock = new ReentrantLock();
    /** Complete messages as bytes, and subscriptions whose newest message is in {@code waiting}. */
    private final ArrayDeque<Object> queue = new ArrayDeque<>();

    private final List<Subscription> gapped = new ArrayList<>();
    private final List<byte[]> taken = new ArrayList<>();
    private @Nullable Thread reader;
    private boolean parked;
    private boolean closed;
    private boolean overflowed;
    private byte[] frame = new byte[4096];

    Mailbox(StreamSettings settings, StreamCounters counters) {
        this.settings = settings;
        this.counters = counters;
    }

    /** Replaces what waits of this subscription. */
    void offerLatest(Subscription subscription, byte[] message) {
        lock.lock();
        var wake = false;
        try {
            if (closed) {
                return;
            }
            if (subscription.waiting != null) {
                subscription.conflated++;
                counters.conflated.increment();
            } else {
                queue.add(subscription);
            }
            subscription.waiting = message;
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
            if (queue.size() >= settings.tapeMax()) {
                counters.gaps.increment();
                if (subscription.gapFrom == 0) {
                    subscription.gapFrom = seq;
                    gapped.add(subscription);
                }
                subscription.gapTo = seq;
            } else {
                flushGap(subscription);
                queue.add(message);
            }
            wake = wakes();
        } finally {
            lock.unlock();
        }
        wake(wake);
    }

    /** Marks a gap of the tape that arose upstream, behind the one of our own making, if there is one. */
    void offerGap(Subscription subscription, byte[] marker) {
        lock.lock();
        try {
            flushGap(subscription);
        } finally {
            lock.unlock();
        }
        offerAlways(marker);
    }

    /** Takes a message that may not be dropped; past the bound the mailbox is overflowed and takes nothing more. */
    void offerAlways(byte[] message) {
        lock.lock();
        var wake = false;
        try {
            if (closed) {
                return;
            }
            if (queue.size() >= settings.mailboxMax()) {
                overflowed = true;
                closed = true;
                queue.clear();
                counters.slowClosed.increment();
            } else {
                queue.add(message);
            }
            wake = wakes();
        } finally {
            lock.unlock();
        }
        wake(wake);
    }

    /** Forgets what waits of an unsubscribed topic. */
    void forget(Subscription subscription) {
        lock.lock();
        try {
            if (subscription.waiting != null) {
                queue.remove(subscription);
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
            queue.clear();
            gapped.clear();
            wake = wakes();
        } finally {
            lock.unlock();
        }
        wake(wake);
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

    /**
     * Waits for messages and joins what there is into one text: a single message as it is, several as an array. Called
     * by one thread only.
     *
     * @return the text, or null when the mailbox is closed
     */
    @Nullable
    String take() {
        while (true) {
            lock.lock();
            try {
                if (closed) {
                    return null;
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
                return null;
            }
        }
        return join();
    }

    private void takeSome() {
        var bytes = 0;
        while (bytes < settings.frameBytesMax() && !queue.isEmpty()) {
            var next = queue.remove();
            var message = next instanceof Subscription subscription ? unload(subscription) : (byte[]) next;
            taken.add(message);
            bytes += message.length;
        }
        if (queue.isEmpty()) {
            // Everything is out: the gaps that no later trade announced are told now.
            while (!gapped.isEmpty()) {
                var subscription = gapped.removeLast();
                taken.add(gap(subscription));
                subscription.gapFrom = 0;
            }
        }
    }

    private static byte[] unload(Subscription subscription) {
        var message = subscription.waiting;
        if (message == null) {
            throw new IllegalStateException("a queued subscription has a message");
        }
        subscription.waiting = null;
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
            queue.add(gap(subscription));
            subscription.gapFrom = 0;
            gapped.remove(subscription);
        }
    }

    private static byte[] gap(Subscription subscription) {
        return StreamJson.gap(
                subscription.channel, subscription.symbol, subscription.gapFrom, subscription.gapTo, "SLOW_CONSUMER");
    }

    private String join() {
        if (taken.size() == 1) {
            var only = taken.getFirst();
            taken.clear();
            return new String(only, StandardCharsets.UTF_8);
        }
        var length = 0;
        for (var message : taken) {
            var needed = length + message.length + 2;
            if (frame.length < needed) {
                frame = Arrays.copyOf(frame, Math.max(needed, frame.length * 2));
            }
            frame[length] = (byte) (length == 0 ? '[' : ',');
            System.arraycopy(message, 0, frame, length + 1, message.length);
            length += message.length + 1;
        }
        frame[length++] = ']';
        taken.clear();
        return new String(frame, 0, length, StandardCharsets.UTF_8);
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
