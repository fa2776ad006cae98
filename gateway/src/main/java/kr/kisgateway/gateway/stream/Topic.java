package kr.kisgateway.gateway.stream;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One channel of one symbol: its sequence, its last value and who listens. The lock makes "snapshot, then everything
 * after it" exact for a client that subscribes while values come. Symbols are told apart by their codes, whatever market
 * they are of.
 */
class Topic<T> {
    /** Turns a value into its message. */
    @FunctionalInterface
    interface Encoder<T> {
        byte[] encode(String code, T value, long seq, boolean snapshot);
    }

    private static final Subscription[] NO_SUBSCRIBERS = {};

    private final Channel channel;
    private final String code;
    private final Encoder<T> encoder;
    private final StreamCounters counters;
    private final boolean tape;
    private final ReentrantLock lock = new ReentrantLock();
    private Subscription[] subscribers = NO_SUBSCRIBERS;
    private @Nullable T last;
    private long seq;

    Topic(Channel channel, String code, Encoder<T> encoder, StreamCounters counters, @Nullable T last) {
        this.channel = channel;
        this.code = code;
        this.encoder = encoder;
        this.counters = counters;
        this.tape = channel == Channel.TRADES || channel == Channel.ALERTS;
        this.last = last;
    }

    /** Numbers {@code value} and offers it to everyone; nothing is encoded when nobody listens. */
    void publish(T value) {
        publish(value, false);
    }

    /** The same for a value that no later one may replace: what does not fit leaves a marked gap. */
    void publishFinal(T value) {
        publish(value, true);
    }

    private void publish(T value, boolean isFinal) {
        lock.lock();
        try {
            seq++;
            last = value;
            onPublish(value, seq);
            if (subscribers.length == 0) {
                return;
            }
            var message = new SharedMessage(encoder.encode(code, value, seq, false));
            counters.offered.add(subscribers.length);
            for (var subscriber : subscribers) {
                if (tape) {
                    subscriber.mailbox.offerTape(subscriber, message, seq);
                } else if (isFinal) {
                    subscriber.mailbox.offerFinal(subscriber, message, seq);
                } else {
                    subscriber.mailbox.offerLatest(subscriber, message, seq);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells the last value once more, because something that is told with it changed. */
    void republish() {
        lock.lock();
        try {
            var value = last;
            if (value != null) {
                publish(value);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells everyone that values were lost before they reached the gateway; the gap takes one number. */
    void gap(GapCause cause) {
        lock.lock();
        try {
            seq++;
            if (subscribers.length == 0) {
                return;
            }
            var marker = StreamJson.gap(channel, code, seq, seq, cause);
            for (var subscriber : subscribers) {
                subscriber.mailbox.offerGap(subscriber, marker);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells everyone something about the topic that is none of its values. */
    void broadcast(byte[] message) {
        lock.lock();
        try {
            for (var subscriber : subscribers) {
                subscriber.mailbox.offerAlways(message);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Adds a listener, whose first message is the last value. */
    void add(Subscription subscription) {
        lock.lock();
        try {
            subscribers = Arrays.copyOf(subscribers, subscribers.length + 1);
            subscribers[subscribers.length - 1] = subscription;
            snapshot(subscription);
        } finally {
            lock.unlock();
        }
    }

    /** Whether anybody listens. */
    boolean hasSubscribers() {
        lock.lock();
        try {
            return subscribers.length > 0;
        } finally {
            lock.unlock();
        }
    }

    void remove(Subscription subscription) {
        lock.lock();
        try {
            subscribers = Arrays.stream(subscribers)
                    .filter(other -> other != subscription)
                    .toArray(Subscription[]::new);
        } finally {
            lock.unlock();
        }
        subscription.mailbox.discard(subscription);
    }

    /** Under the lock: what a new listener begins with. */
    void snapshot(Subscription subscription) {
        var value = last;
        if (value != null) {
            subscription.mailbox.offerAlways(encoder.encode(code, value, seq, true));
        }
    }

    /** Under the lock: for a topic whose snapshot is more than the last value. */
    void onPublish(T value, long number) {
        // the last value is kept anyway
    }
}
