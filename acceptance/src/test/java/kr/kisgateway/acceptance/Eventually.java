package kr.kisgateway.acceptance;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Polls a value from outside until it meets a condition or the time limit passes. */
final class Eventually {
    private static final long POLL_INTERVAL_NANOS = Duration.ofMillis(25).toNanos();

    private Eventually() {}

    /**
     * The first value of {@code probe} that meets {@code condition}.
     *
     * @throws AssertionError when none does within {@code limit}; names the last value
     */
    static <T> T await(String what, Duration limit, Supplier<T> probe, Predicate<T> condition) {
        long until = System.nanoTime() + limit.toNanos();
        while (true) {
            var observed = probe.get();
            if (condition.test(observed)) return observed;
            if (System.nanoTime() > until) {
                throw new AssertionError("Waited " + limit + " for " + what + "; the last value was: " + observed);
            }
            LockSupport.parkNanos(POLL_INTERVAL_NANOS);
        }
    }
}
