package kr.kisgateway.gateway.stream;

import java.util.concurrent.atomic.AtomicInteger;

/** A message of a topic, which is encoded once and lies in the mailboxes of all who listen. */
final class SharedMessage {
    final byte[] json;
    private final AtomicInteger retainCount = new AtomicInteger();

    SharedMessage(byte[] json) {
        this.json = json;
    }

    /** One mailbox more holds it; the bytes that are held by that which were not before. */
    int retain() {
        return retainCount.getAndIncrement() == 0 ? json.length : 0;
    }

    /** One mailbox less; the bytes that nobody holds any more by that. */
    int release() {
        return retainCount.decrementAndGet() == 0 ? json.length : 0;
    }
}
