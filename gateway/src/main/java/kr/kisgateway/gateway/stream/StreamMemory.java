package kr.kisgateway.gateway.stream;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What all clients together have waiting, in bytes, and what gives when that is too much. A message that several mailboxes
 * hold counts once; so do a mailbox's places and the frame that a client has not taken yet, which nobody shares.
 *
 * <p>From three quarters of the bound on memory is tight: mailboxes keep one frame's worth of trades each, the rest becomes
 * a marked gap, and frames are short. Past the bound clients are given up until an eighth is free again: first those that
 * took nothing for a second, the largest first, which are dropped because they would not read a goodbye; then, if that was
 * not enough, the largest of all with 4008. A client that reads has next to nothing waiting, so it comes last.
 */
final class StreamMemory {
    private static final Duration STALL_LIMIT = Duration.ofSeconds(1);

    private final long max;
    private final InstantSource clock;
    private final AtomicLong retainedBytes = new AtomicLong();
    private final LongAdder evictedClients = new LongAdder();
    private final Set<Holder> holders = ConcurrentHashMap.newKeySet();
    /** Not a lock: giving up one client must not begin again with the first. */
    private final Semaphore evicting = new Semaphore(1);

    /** A client, as far as its memory goes. */
    interface Holder {
        /** Bytes that it alone keeps waiting, or shares. */
        long pendingBytes();

        /** Whether it has had something to read since before {@code millis} and took nothing. */
        boolean isStalledSince(long millis);

        /** Lets go of everything at once; the caller may hold the lock of a topic. */
        void evict(boolean hangs);
    }

    private record Candidate(Holder holder, boolean stalled, long pendingBytes) {}

    /** @param max bytes */
    StreamMemory(long max, InstantSource clock) {
        this.max = max;
        this.clock = clock;
    }

    void register(Holder holder) {
        holders.add(holder);
    }

    void unregister(Holder holder) {
        holders.remove(holder);
    }

    /** More, or with a negative figure less, is held. */
    void add(long bytes) {
        if (bytes != 0) {
            retainedBytes.addAndGet(bytes);
        }
    }

    long now() {
        return clock.millis();
    }

    /** Bytes that wait now. */
    long retainedBytes() {
        return retainedBytes.get();
    }

    long max() {
        return max;
    }

    /** Clients given up for want of memory. */
    long evictedClients() {
        return evictedClients.sum();
    }

    boolean isTight() {
        return retainedBytes.get() > max / 4 * 3;
    }

    /** Gives clients up when too much is held. Not under the lock of a mailbox. */
    void evictIfFull() {
        if (retainedBytes.get() <= max || !evicting.tryAcquire()) {
            return;
        }
        try {
            for (var each : candidates()) {
                if (retainedBytes.get() <= max / 8 * 7) {
                    return;
                }
                each.holder().evict(each.stalled());
                evictedClients.increment();
            }
        } finally {
            evicting.release();
        }
    }

    private List<Candidate> candidates() {
        var since = now() - STALL_LIMIT.toMillis();
        return holders.stream()
                .map(holder -> new Candidate(holder, holder.isStalledSince(since), holder.pendingBytes()))
                .filter(candidate -> candidate.pendingBytes() > 0)
                .sorted(Comparator.comparing(Candidate::stalled)
                        .thenComparingLong(Candidate::pendingBytes)
                        .reversed())
                .toList();
    }
}
