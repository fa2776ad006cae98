package kr.kisgateway.gateway.kis.rest;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import kr.kisgateway.client.CallListener;
import kr.kisgateway.client.EndedCall;
import kr.kisgateway.client.Lane;

/** Counts the calls to KIS that waited long for the call budget, or got no slot. Those for the history wait by design and do not count. */
public final class BudgetWaits implements CallListener {
    private final Supplier<Duration> longest;
    private final LongAdder late = new LongAdder();

    /** @param longest a longer wait counts */
    public BudgetWaits(Supplier<Duration> longest) {
        this.longest = longest;
    }

    @Override
    public void ended(EndedCall call) {
        // its wait was before it
    }

    @Override
    public void waited(Lane lane, boolean granted, long nanos) {
        if (lane != Lane.HISTORY && (!granted || nanos > longest.get().toNanos())) {
            late.increment();
        }
    }

    /** How many there were since the start. */
    public long count() {
        return late.sum();
    }
}
