package kr.kisgateway.gateway.task;

import java.util.concurrent.atomic.LongAdder;

/** Counts the turns of a loop, so that another thread can see whether it still turns. */
public final class Heartbeat {
    private final LongAdder turns = new LongAdder();

    /** The loop begins another turn. */
    public void beat() {
        turns.increment();
    }

    /** Turns so far. */
    public long count() {
        return turns.sum();
    }
}
