package kr.kisgateway.gateway.recording;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.recording.Tick.GapTick;
import kr.kisgateway.gateway.recording.Tick.Mark;
import kr.kisgateway.market.MarketSymbol;

/** One recorded kind of one symbol: its last tick, and its gaps. Never waits. */
final class TickSeries {
    private static final long POLLED_EVERY_MS = 60_000;

    private final MarketSymbol symbol;
    private final TickKind kind;
    private final BlockingQueue<Tick> waiting;
    private final LongAdder dropped;
    /** Recordings of this series; belongs to the recorder, under its lock. */
    int recordingCount;

    private boolean pushed;
    /** Complete up to here, except since {@link #lostSinceMs}. */
    private long completeUntilMs;

    private long lostSinceMs;

    TickSeries(MarketSymbol symbol, TickKind kind, BlockingQueue<Tick> waiting, LongAdder dropped, long nowMs) {
        this.symbol = symbol;
        this.kind = kind;
        this.waiting = waiting;
        this.dropped = dropped;
        this.completeUntilMs = nowMs;
    }

    synchronized void add(Tick tick) {
        // A loss is marked before later ticks.
        if (lostSinceMs > 0) {
            if (!waiting.offer(new GapTick(symbol, kind, lostSinceMs, tick.atMs(), Mark.OVERFLOW.name()))) {
                dropped.increment();
                return;
            }
            lostSinceMs = 0;
        }
        if (waiting.offer(tick)) {
            completeUntilMs = tick.atMs();
        } else {
            dropped.increment();
            lostSinceMs = Math.max(1, completeUntilMs);
        }
    }

    /** Marks a gap between the last tick and now. */
    void markMissed(String cause, long nowMs) {
        mark(cause, Long.MIN_VALUE, nowMs);
    }

    /** @param sinceMs earliest start of the gap */
    synchronized void mark(String mark, long sinceMs, long nowMs) {
        add(new GapTick(symbol, kind, sinceMs == Long.MIN_VALUE ? completeUntilMs : sinceMs, nowMs, mark));
    }

    synchronized boolean isPushed() {
        return pushed;
    }

    synchronized void setPushed(boolean byPush) {
        pushed = byPush;
    }

    /** Marks a gap of a tape that is not pushed from time to time, so that a kill does not leave it unmarked. */
    synchronized void markIfPolled(long nowMs, boolean last) {
        if (kind == TickKind.TRADES
                && !pushed
                && (last || nowMs - completeUntilMs >= POLLED_EVERY_MS)
                && nowMs > completeUntilMs) {
            markMissed("POLLED", nowMs);
        }
    }
}
