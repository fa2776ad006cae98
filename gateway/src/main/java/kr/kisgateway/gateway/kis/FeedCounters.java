package kr.kisgateway.gateway.kis;

import java.util.concurrent.atomic.AtomicLong;

/** Counters of data that the feed could not use. */
public final class FeedCounters {
    final AtomicLong badFrames = new AtomicLong();
    final AtomicLong unregisteredRows = new AtomicLong();
    final AtomicLong gaps = new AtomicLong();
    final AtomicLong missedTrades = new AtomicLong();

    FeedCounters() {}

    /** Unreadable frames that were skipped. */
    public long badFrames() {
        return badFrames.get();
    }

    /** Frames of TRs that are not registered. */
    public long unregisteredRows() {
        return unregisteredRows.get();
    }

    /** Times that the day's volume showed missing trades. */
    public long missedTrades() {
        return missedTrades.get();
    }

    /** Registrations that missed values while the socket was down. */
    public long gaps() {
        return gaps.get();
    }
}
