package kr.kisgateway.gateway.recording;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.recording.Tick.GapTick;
import kr.kisgateway.gateway.recording.Tick.Mark;

/** One kind of one symbol while it is recorded: what was heard last, and what is known to be missing. Never waits. */
final class TickSeries {
    private static final long POLLED_EVERY_MS = 60_000;

    private final String code;
    private final TickKind kind;
    private final BlockingQueue<Tick> waiting;
    private final LongAdder dropped;
    /** Recordings that want it; the recorder's, under its lock. */
    int recordingCount;

    private boolean pushed;
    /** Nothing is missing up to here, but for what {@link #lostSinceMs} says. */
    private long completeUntilMs;

    private long lostSinceMs;

    TickSeries(String code, TickKind kind, BlockingQueue<Tick> waiting, LongAdder dropped, long nowMs) {
        this.code = code;
        this.kind = kind;
        this.waiting = waiting;
        this.dropped = dropped;
        this.completeUntilMs = nowMs;
    }

    synchronized void add(Tick tick) {
        // What was lost is said before what follows it.
        if (lostSinceMs > 0) {
            if (!waiting.offer(new GapTick(code, kind, lostSinceMs, tick.atMs(), Mark.OVERFLOW.name()))) {
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

    /** Something is missing between what came last and now. */
    void markMissed(String cause, long nowMs) {
        mark(cause, Long.MIN_VALUE, nowMs);
    }

    /** @param sinceMs since when at the earliest */
    synchronized void mark(String mark, long sinceMs, long nowMs) {
        add(new GapTick(code, kind, sinceMs == Long.MIN_VALUE ? completeUntilMs : sinceMs, nowMs, mark));
    }

    synchronized boolean isPushed() {
        return pushed;
    }

    synchronized void setPushed(boolean byPush) {
        pushed = byPush;
    }

    /** A tape that is not pushed is missing: said now and then, so that a kill does not leave it unsaid. */
    synchronized void markIfPolled(long nowMs, boolean last) {
        if (kind == TickKind.TRADES
                && !pushed
                && (last || nowMs - completeUntilMs >= POLLED_EVERY_MS)
                && nowMs > completeUntilMs) {
            markMissed("POLLED", nowMs);
        }
    }
}
