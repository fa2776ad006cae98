package kr.kisgateway.client.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Wakes the shells of the cores. One daemon thread; its tasks must be short. */
public final class Timer implements AutoCloseable {
    private static final Duration DELAY_MAX = Duration.ofMinutes(1);
    private final InstantSource clock;
    private final ScheduledThreadPoolExecutor scheduler;

    public Timer(InstantSource clock) {
        this.clock = clock;
        this.scheduler = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("kis-timer").factory());
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs {@code task} at {@code at}, or earlier: after a minute at the latest, in case the clock was adjusted. */
    public Handle at(Instant at, Runnable task) {
        Duration delay = Duration.between(clock.instant(), at);
        long nanos = delay.compareTo(DELAY_MAX) > 0 ? DELAY_MAX.toNanos() : Math.max(0, delay.toNanos());
        try {
            var scheduled = scheduler.schedule(task, nanos, TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (java.util.concurrent.RejectedExecutionException _) {
            // Closed: no waiter is left.
            return () -> {};
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }

    /** Most seconds to wait for an answer that is due at {@code deadline}: one more, and a day at most. */
    public static long waitSeconds(Instant now, Instant deadline) {
        return Math.clamp(
                Duration.between(now, deadline).getSeconds() + 1,
                1,
                Duration.ofDays(1).toSeconds());
    }

    /** A task that can be cancelled. */
    public interface Handle {
        void cancel();
    }
}
