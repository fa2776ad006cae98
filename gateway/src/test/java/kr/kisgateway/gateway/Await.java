package kr.kisgateway.gateway;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for something that another thread or program does. */
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private Await() {}

    /** What is looked at. */
    @FunctionalInterface
    public interface Check {
        boolean isTrue() throws Exception;
    }

    /** As {@link #until(String, Check)}, where the stack trace says enough. */
    public static void until(Check check) {
        until("what the caller looks at", check);
    }

    /**
     * Returns as soon as {@code check} holds; looks again after a short pause, so that what it waits for gets the processor.
     *
     * @param what for the message of the error that ends a wait of a minute
     */
    public static void until(String what, Check check) {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (!isTrue(check)) {
            if (System.nanoTime() > limit) {
                throw new AssertionError("Waited " + LIMIT + " for: " + what);
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
