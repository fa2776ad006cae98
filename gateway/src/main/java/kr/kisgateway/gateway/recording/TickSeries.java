package kr.kisgateway.gateway.recording;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.recording.Tick.Mark;
import kr.kisgateway.gateway.recording.Tick.Marked;

/** One kind of one symbol while it is recorded: what was heard last, and what is known to be missing. Never waits. */
final class TickSeries {
    private static final long POLLED_EVERY_MS = 60_000;

    private final String code;
    private final TickKind kind;
    private final BlockingQueue<Tick> waiting;
    private final LongAdder dropped;
    /** Recordings that want it; the recorder's, under its lock. */
    int wanted;

    private boolean pushed;
    /** Nothing is missing up to here, but for what {@link #lostSinceMs} says. */
    private long wholeMs;

    private long lostSinceMs;

    TickSeries(String code, TickKind kind, BlockingQueue<Tick> waiting, LongAdder dropped, long nowMs) {
        this.code = code;
        this.kind = kind;
        this.waiting = waiting;
        this.dropped = dropped;
        this.wholeMs = nowMs;
    }

    synchronized void add(Tick tick) {
        // What was lost is said before what follows it.
        if (lostSinceMs > 0) {
            if (!waiting.offer(new Marked(code, kind, lostSinceMs, tick.atMs(), Mark.OVERFLOW.name()))) {
                dropped.increment();
                return;
            }
            lostSinceMs = 0;
        }
        if (waiting.offer(tick)) {
            wholeMs = tick.atMs();
        } else {
            dropped.increment();
            lostSinceMs = Math.max(1, wholeMs);
        }
    }

    /** Something is missing between what came last and now. */
    void missed(String cause, long nowMs) {
        mark(cause, Long.MIN_VALUE, nowMs);
    }

    /** @param sinceMs since when at the earliest */
    synchronized void mark(String mark, long sinceMs, long nowMs) {
        add(new Marked(code, kind, sinceMs == Long.MIN_VALUE ? wholeMs : sinceMs, nowMs, mark));
    }

    synchronized boolean isPushed() {
        return pushed;
    }

    synchronized void served(boolean byPush) {
        pushed = byPush;
    }

    /** A tape that is not pushed is missing: said now and then, so that a kill does not leave it unsaid. */
    synchronized void look(long nowMs, boolean last) {
        if (kind == TickKind.TRADES && !pushed && (last || nowMs - wholeMs >= POLLED_EVERY_MS) && nowMs > wholeMs) {
            missed("POLLED", nowMs);
        }
    }
}
