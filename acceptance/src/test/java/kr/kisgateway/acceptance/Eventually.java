package kr.kisgateway.acceptance;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Looks at something from outside until it is as wanted, at most for a given time. */
final class Eventually {
    private static final long POLL_INTERVAL_NANOS = Duration.ofMillis(25).toNanos();

    private Eventually() {}

    /**
     * What {@code look} gives as soon as {@code wanted} accepts it.
     *
     * @throws AssertionError when that does not happen within {@code limit}; names what was seen last
     */
    static <T> T await(String what, Duration limit, Supplier<T> probe, Predicate<T> condition) {
        long until = System.nanoTime() + limit.toNanos();
        while (true) {
            var observed = probe.get();
            if (condition.test(observed)) return observed;
            if (System.nanoTime() > until) {
                throw new AssertionError("Waited " + limit + " for " + what + "; the last seen was: " + observed);
            }
            LockSupport.parkNanos(POLL_INTERVAL_NANOS);
        }
    }
}
