package kr.kisgateway.gateway.stream;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.market.Symbol;
import org.jspecify.annotations.Nullable;

/**
 * One channel of one symbol: its sequence, its last value and who listens. The lock makes "snapshot, then everything
 * after it" exact for a client that subscribes while values come.
 */
final class Topic<T> {
    /** Turns a value into its message. */
    @FunctionalInterface
    interface Encoder<T> {
        byte[] encode(Symbol symbol, T value, long seq, boolean snapshot);
    }

    private static final Subscription[] NOBODY = {};

    private final Channel channel;
    private final Symbol symbol;
    private final Encoder<T> encoder;
    private final StreamCounters counters;
    private final ReentrantLock lock = new ReentrantLock();
    private Subscription[] subscribers = NOBODY;
    private @Nullable T last;
    private long seq;

    Topic(Channel channel, Symbol symbol, Encoder<T> encoder, StreamCounters counters, @Nullable T last) {
        this.channel = channel;
        this.symbol = symbol;
        this.encoder = encoder;
        this.counters = counters;
        this.last = last;
    }

    /** Numbers {@code value} and offers it to everyone; nothing is encoded when nobody listens. */
    void publish(T value) {
        lock.lock();
        try {
            seq++;
            last = value;
            if (subscribers.length == 0) {
                return;
            }
            var message = encoder.encode(symbol, value, seq, false);
            counters.offered.add(subscribers.length);
            for (var subscriber : subscribers) {
                if (channel == Channel.TRADES) {
                    subscriber.mailbox.offerTape(subscriber, message, seq);
                } else {
                    subscriber.mailbox.offerLatest(subscriber, message);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells everyone that values were lost before they reached the gateway; the gap takes one number. */
    void gap(String cause) {
        lock.lock();
        try {
            seq++;
            for (var subscriber : subscribers) {
                subscriber.mailbox.offerGap(subscriber, StreamJson.gap(channel, symbol, seq, seq, cause));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells everyone something about the topic that is none of its values. */
    void tell(byte[] message) {
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
            var value = last;
            if (value != null) {
                subscription.mailbox.offerAlways(encoder.encode(symbol, value, seq, true));
            }
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
        subscription.mailbox.forget(subscription);
    }
}
