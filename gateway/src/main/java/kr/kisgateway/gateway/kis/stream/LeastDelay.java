package kr.kisgateway.gateway.kis.stream;

import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The least delay of the last minute's trades, in whole seconds. A queue or a slow network makes some trades late; when even the
 * fastest one is late, or early, the clocks differ. Writers do not wait for each other: a lost update costs one trade.
 */
final class LeastDelay {
    private static final long MINUTE_MILLIS = 60_000;
    private static final int DELAY_BITS = 16;
    private static final int BIAS = 1 << (DELAY_BITS - 1);
    private static final long MASK = (1 << DELAY_BITS) - 1;

    /** A minute and its least delay. */
    private final AtomicLong present = new AtomicLong();

    private final AtomicLong before = new AtomicLong();

    /** @param delaySeconds less than {@value #BIAS}, and more than its negative */
    void add(long delaySeconds, long nowMillis) {
        long minute = nowMillis / MINUTE_MILLIS;
        long packed = (minute << DELAY_BITS) | (delaySeconds + BIAS);
        long was = present.get();
        if ((was >> DELAY_BITS) != minute) {
            before.set(was);
            present.set(packed);
        } else if (packed < was) {
            present.set(packed);
        }
    }

    /** That of the trades since the beginning of the last minute; empty without one. */
    OptionalInt seconds(long nowMillis) {
        long minute = nowMillis / MINUTE_MILLIS;
        var least = OptionalInt.empty();
        for (long packed : new long[] {before.get(), present.get()}) {
            if ((packed >> DELAY_BITS) >= minute - 1) {
                int delay = (int) (packed & MASK) - BIAS;
                least = OptionalInt.of(least.isPresent() ? Math.min(least.getAsInt(), delay) : delay);
            }
        }
        return least;
    }
}
