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
    private static final Object BEAT = new Object();

    /** What a place in the queue costs, with the room that the queue keeps for growing. */
    private static final long PLACE = 8;
    /** A frame on its way exists three times: joined, as text, and as the server library writes it. */
    private static final long COPIES = 3;
    /** What is held alone is told to the memory of all in steps of this. */
    private static final long GRAIN = 1_024;
    /** A queue that was longer is made anew when it has become empty. */
    private static final int LONG_QUEUE = 256;

    private final StreamSettings.Client settings;
    private final StreamCounters counters;
    private final StreamMemory memory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    /** Complete messages (shared, as bytes, or with their cursor), and subscriptions whose newest message is in {@code waiting}. */
    private ArrayDeque<Object> queue = new ArrayDeque<>();

    private final List<Subscription> gapped = new ArrayList<>();
    /** Only the reader's. */
    private final List<Object> taken = new ArrayList<>();

    /** Of all messages. */
    private long bytes;
    /** Of those that no other mailbox holds. */
    private long own;
    /** Of the frame that was taken out last, until the next is. */
    private long flying;
    /** What {@link #memory} knows of what is held here alone. */
    private long told;
    /** Shared bytes held more, or less, than {@link #memory} knows. */
    private long shared;

    private long tookAt;
    private boolean wasLong;
    private @Nullable Thread reader;
    private boolean parked;
    private boolean closed;
    private boolean overflowed;

    Mailbox(StreamSettings.Client settings, StreamCounters counters, StreamMemory memory) {
        this.settings = settings;
        this.counters = counters;
        this.memory = memory;
        this.tookAt = memory.now();
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
                letGo(replaced);
                subscription.conflated++;
                counters.conflated.increment();
            } else {
                queue.add(subscription);
            }
            hold(message);
            subscription.waiting = message;
            wake = wakes();
        } finally {
            settle();
            lock.unlock();
        }
        wake(wake);
    }

    /** Replaces what waits of this subscription with a message that none will replace, or begins a gap. */
    void offerWhole(Subscription subscription, SharedMessage message, long seq) {
        lock.lock();
        var wake = false;
        try {
            if (closed) {
                return;
            }
            var replaced = subscription.waiting;
            if (replaced != null) {
                queue.remove(subscription);
                letGo(replaced);
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
            settle();
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
            wake = wakes();
        } finally {
            settle();
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
                var waited = subscription.waiting;
                put(unload(subscription));
                letGo(waited);
            }
            flushGap(subscription);
        } finally {
            settle();
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
                counters.slowClosed.increment();
            } else {
                put(message);
            }
            wake = wakes();
        } finally {
            settle();
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
            settle();
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
            wake = wakes();
        } finally {
            settle();
            lock.unlock();
        }
        wake(wake);
    }

    private void overflow() {
        overflowed = true;
        closed = true;
        empty();
    }

    /** Takes nothing more and holds nothing: there is no memory for it. Its frame on its way is given up by who calls. */
    void giveUp() {
        lock.lock();
        var wake = false;
        try {
            flying = 0;
            if (!closed) {
                overflow();
            }
            wake = wakes();
        } finally {
            settle();
            lock.unlock();
        }
        wake(wake);
    }

    /** Whether there has been something to take since before {@code millis} of the clock and nothing was taken. */
    boolean hangsSince(long millis) {
        lock.lock();
        try {
            return tookAt < millis && (flying > 0 || !queue.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that wait or are on their way, shared or not. */
    long weight() {
        lock.lock();
        try {
            return bytes + flying;
        } finally {
            lock.unlock();
        }
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
                letGo(subscription.waiting);
                subscription.waiting = null;
            }
            gapped.remove(subscription);
            subscription.gapFrom = 0;
        } finally {
            settle();
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        var wake = false;
        try {
            closed = true;
            flying = 0;
            empty();
            wake = wakes();
        } finally {
            settle();
            lock.unlock();
        }
        wake(wake);
    }

    private void empty() {
        for (var message : queue) {
            switch (message) {
                case SharedMessage each -> letGo(each);
                case Subscription subscription -> {
                    if (subscription.waiting != null) {
                        letGo(subscription.waiting);
                        subscription.waiting = null;
                    }
                }
                default -> {}
            }
        }
        queue = new ArrayDeque<>();
        gapped.clear();
        bytes = 0;
        own = 0;
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
                tookAt = memory.now();
                flying = 0;
                if (closed) {
                    return false;
                }
                if (!queue.isEmpty()) {
                    frame.expect(takeSome());
                    break;
                }
                frame.rest();
                if (wasLong) {
                    queue = new ArrayDeque<>();
                    wasLong = false;
                }
                reader = Thread.currentThread();
                parked = true;
            } finally {
                settle();
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
                default -> frame.beat();
            }
        }
        taken.clear();
        memory.relieve();
        return true;
    }

    /** How many bytes were taken. */
    private int takeSome() {
        var out = 0;
        var most = memory.isTight() ? Math.min(SHORT_FRAME, settings.frameBytesMax()) : settings.frameBytesMax();
        wasLong |= queue.size() > LONG_QUEUE;
        while (out < most && !queue.isEmpty()) {
            out += switch (queue.remove()) {
                case Subscription subscription -> {
                    var waited = subscription.waiting;
                    if (waited == null) {
                        throw new IllegalStateException("a queued subscription has a message");
                    }
                    taken.add(unload(subscription));
                    letGo(waited);
                    yield waited.json.length;
                }
                case SharedMessage message -> {
                    taken.add(message);
                    letGo(message);
                    yield message.json.length;
                }
                case byte[] json -> {
                    taken.add(json);
                    letGo(json.length);
                    yield json.length;
                }
                case AccountMessage message -> {
                    taken.add(message);
                    letGo(message.json().length);
                    yield message.json().length;
                }
                case Object beat -> {
                    taken.add(beat);
                    yield 0;
                }
            };
        }
        flying = COPIES * out;
        if (queue.isEmpty()) {
            // Everything is out: the gaps that no later trade announced are told now.
            while (!gapped.isEmpty()) {
                var subscription = gapped.removeLast();
                taken.add(gap(subscription));
                subscription.gapFrom = 0;
            }
        }
        room.signalAll();
        return out;
    }

    private boolean isFullForTape() {
        return queue.size() >= settings.tapeMax()
                || bytes >= settings.tapeBytesMax()
                || bytes >= settings.frameBytesMax() && memory.isTight();
    }

    private void put(Object message) {
        queue.add(message);
        switch (message) {
            case SharedMessage each -> hold(each);
            case AccountMessage each -> hold(each.json().length);
            case byte[] each -> hold(each.length);
            default -> throw new IllegalArgumentException("no message");
        }
    }

    private void hold(SharedMessage message) {
        bytes += message.json.length;
        shared += message.hold();
    }

    private void letGo(SharedMessage message) {
        bytes -= message.json.length;
        shared -= message.release();
    }

    private void hold(int length) {
        bytes += length;
        own += length;
    }

    private void letGo(int length) {
        bytes -= length;
        own -= length;
    }

    /** Tells the memory of all what has changed here, small changes of what nobody shares only when they add up. */
    private void settle() {
        var change = shared;
        shared = 0;
        var alone = own + flying + PLACE * queue.size();
        if (Math.abs(alone - told) >= GRAIN || closed) {
            change += alone - told;
            told = alone;
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

    private static Object unload(Subscription subscription) {
        var message = subscription.waiting;
        if (message == null) {
            throw new IllegalStateException("a queued subscription has a message");
        }
        subscription.waiting = null;
        return conflated(subscription, message);
    }

    /** The message with the count of those it replaced, which begins anew. */
    private static Object conflated(Subscription subscription, SharedMessage shared) {
        if (subscription.conflated == 0) {
            return shared;
        }
        var message = shared.json;
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
        if (wakes) {
            tookAt = memory.now(); // there was nothing to take before
        }
        parked = false;
        return wakes;
    }

    /** What every offer ends with, outside the lock. */
    private void wake(boolean wake) {
        if (wake) {
            LockSupport.unpark(reader);
        }
        memory.relieve();
    }
}
