package kr.kisgateway.acceptance;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Looks at something from outside until it is as wanted, at most for a given time. */
final class Eventually {
    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(25).toNanos();

    private Eventually() {}

    /**
     * What {@code look} gives as soon as {@code wanted} accepts it.
     *
     * @throws AssertionError when that does not happen within {@code limit}; names what was seen last
     */
    static <T> T see(String what, Duration limit, Supplier<T> look, Predicate<T> wanted) {
        long until = System.nanoTime() + limit.toNanos();
        while (true) {
            var seen = look.get();
            if (wanted.test(seen)) return seen;
            if (System.nanoTime() > until) {
                throw new AssertionError("Waited " + limit + " for " + what + "; the last seen was: " + seen);
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }
}
