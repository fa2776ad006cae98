package kr.kisgateway.gateway.stream;

import java.util.concurrent.atomic.AtomicInteger;

/** A message of a topic, encoded once and shared by the mailboxes of all subscribers. */
final class SharedMessage {
    final byte[] json;
    /** When it was published, by the clock of {@link StreamCounters#now}. */
    final long publishedAt;

    private final AtomicInteger retainCount = new AtomicInteger();

    SharedMessage(byte[] json, long publishedAt) {
        this.json = json;
        this.publishedAt = publishedAt;
    }

    /** Adds a mailbox; returns the bytes newly retained by that. */
    int retain() {
        return retainCount.getAndIncrement() == 0 ? json.length : 0;
    }

    /** Removes a mailbox; returns the bytes freed by that. */
    int release() {
        return retainCount.decrementAndGet() == 0 ? json.length : 0;
    }
}
