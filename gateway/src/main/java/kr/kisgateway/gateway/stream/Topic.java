package kr.kisgateway.gateway.stream;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.gateway.feed.GapCause;
import org.jspecify.annotations.Nullable;

/**
 * One channel of one symbol: its sequence, last value and subscribers. The lock makes "snapshot, then everything after it"
 * exact for a client that subscribes while values arrive. The code alone identifies a symbol, on any market and venue.
 */
class Topic<T> {
    /** Encodes a value as a message. */
    @FunctionalInterface
    interface Encoder<T> {
        byte[] encode(Subject subject, T value, long seq, boolean snapshot);
    }

    private static final Subscription[] NO_SUBSCRIBERS = {};

    private final Channel channel;
    private final Subject subject;
    private final Encoder<T> encoder;
    private final StreamCounters counters;
    private final boolean tape;
    private final ReentrantLock lock = new ReentrantLock();
    private Subscription[] subscribers = NO_SUBSCRIBERS;
    private @Nullable T last;
    private long seq;

    Topic(Channel channel, Subject subject, Encoder<T> encoder, StreamCounters counters, @Nullable T last) {
        this.channel = channel;
        this.subject = subject;
        this.encoder = encoder;
        this.counters = counters;
        this.tape = channel == Channel.TRADES || channel == Channel.ALERTS;
        this.last = last;
    }

    /** Numbers {@code value} and offers it to all subscribers; without subscribers it is not encoded. */
    void publish(T value) {
        publish(value, false);
    }

    /** As {@link #publish}, for a value that no later one may replace: a value that does not fit leaves a marked gap. */
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
            var message = new SharedMessage(encoder.encode(subject, value, seq, false), counters.now());
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

    /** Publishes the last value again, because data published with it changed. */
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

    /** Marks values lost before they reached the gateway for all subscribers; the gap takes one number. */
    void gap(GapCause cause) {
        lock.lock();
        try {
            seq++;
            if (subscribers.length == 0) {
                return;
            }
            var marker = StreamJson.gap(channel, subject, seq, seq, cause);
            for (var subscriber : subscribers) {
                subscriber.mailbox.offerGap(subscriber, marker);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sends all subscribers a message that is not a value of the topic. */
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

    /** Adds a subscriber, whose first message is the last value. */
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

    /** Whether it has subscribers. */
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

    /** Under the lock: queues the first messages of a new subscriber. */
    void snapshot(Subscription subscription) {
        var value = last;
        if (value != null) {
            subscription.mailbox.offerAlways(encoder.encode(subject, value, seq, true));
        }
    }

    /** Under the lock: for a topic whose snapshot is more than the last value. */
    void onPublish(T value, long number) {
        // the last value is retained anyway
    }
}
