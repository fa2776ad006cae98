package kr.kisgateway.gateway;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for a condition that another thread or program brings about. */
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private Await() {}

    /** The condition. */
    @FunctionalInterface
    public interface Check {
        boolean isTrue() throws Exception;
    }

    /** As {@link #until(String, Check)}, where the stack trace is description enough. */
    public static void until(Check check) {
        until("the condition of the caller", check);
    }

    /**
     * Returns as soon as {@code check} is true; checks again after a short pause, which leaves the processor to the awaited
     * work.
     *
     * @param what for the message of the error that ends a wait of a minute
     */
    public static void until(String what, Check check) {
        until(LIMIT, what, check);
    }

    /** The same, and what {@code found} says after a wait in vain is part of the message. */
    public static void until(String what, Check check, Supplier<String> found) {
        try {
            until(LIMIT, what, check);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; there is " + found.get(), e);
        }
    }

    /** The same with a wait of at most {@code longest}. */
    public static void until(Duration longest, String what, Check check) {
        long limit = System.nanoTime() + longest.toNanos();
        while (!isTrue(check)) {
            if (System.nanoTime() > limit) {
                throw new AssertionError("Waited " + longest + " for: " + what);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static boolean isTrue(Check check) {
        try {
            return check.isTrue();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
