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
 * Bytes queued for all clients together, and the policy at the bound. A message that several mailboxes share counts once; so
 * do a mailbox's queue entries and its frame in flight, which are exclusive.
 *
 * <p>From three quarters of the bound on memory is tight: mailboxes keep one frame's worth of trades each, the rest becomes a
 * marked gap, and frames are short. Past the bound clients are evicted until an eighth is free again: first those that took
 * nothing for a second, the largest first, which are dropped because they would not read a close message; then, if that was
 * not enough, the largest of all with 4008. A client that reads has next to nothing queued, so it comes last.
 */
final class StreamMemory {
    private static final Duration STALL_LIMIT = Duration.ofSeconds(1);

    private final long max;
    private final InstantSource clock;
    private final AtomicLong retainedBytes = new AtomicLong();
    private final LongAdder evictedClients = new LongAdder();
    private final Set<Holder> holders = ConcurrentHashMap.newKeySet();
    /** Not a lock: evicting one client must not restart the eviction. */
    private final Semaphore evicting = new Semaphore(1);

    /** A client, as far as its memory goes. */
    interface Holder {
        /** Bytes queued for it, exclusive or shared. */
        long pendingBytes();

        /** Whether messages have been queued since before {@code millis} and none was taken. */
        boolean isStalledSince(long millis);

        /** Releases everything at once; the caller may hold the lock of a topic. */
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

    /** Adds used bytes; a negative figure releases them. */
    void add(long bytes) {
        if (bytes != 0) {
            retainedBytes.addAndGet(bytes);
        }
    }

    long now() {
        return clock.millis();
    }

    /** Bytes queued now. */
    long retainedBytes() {
        return retainedBytes.get();
    }

    long max() {
        return max;
    }

    /** Clients evicted for lack of memory. */
    long evictedClients() {
        return evictedClients.sum();
    }

    boolean isTight() {
        return retainedBytes.get() > max / 4 * 3;
    }

    /** Evicts clients when the bound is exceeded. Not under the lock of a mailbox. */
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
