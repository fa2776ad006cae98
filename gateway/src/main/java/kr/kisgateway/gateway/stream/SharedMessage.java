package kr.kisgateway.gateway.stream;

import java.util.concurrent.atomic.AtomicInteger;

/** A message of a topic, encoded once and shared by the mailboxes of all subscribers. */
final class SharedMessage {
    final byte[] json;
    private final AtomicInteger retainCount = new AtomicInteger();

    SharedMessage(byte[] json) {
        this.json = json;
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
