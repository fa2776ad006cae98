package kr.kisgateway.gateway.kis;

import java.util.concurrent.atomic.AtomicLong;

/** What the feed could not use, by name. */
public final class FeedCounters {
    final AtomicLong badFrames = new AtomicLong();
    final AtomicLong unregisteredRows = new AtomicLong();
    final AtomicLong gaps = new AtomicLong();
    final AtomicLong missedTrades = new AtomicLong();

    FeedCounters() {}

    /** Frames that could not be read and were skipped. */
    public long badFrames() {
        return badFrames.get();
    }

    /** Frames of TRs that nobody registered. */
    public long unregisteredRows() {
        return unregisteredRows.get();
    }

    /** Times that the day's volume showed trades that never came. */
    public long missedTrades() {
        return missedTrades.get();
    }

    /** Registrations that missed something while the socket was down. */
    public long gaps() {
        return gaps.get();
    }
}
