package kr.kisgateway.gateway.task;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs each task on a daemon thread in real time. */
public final class ThreadTaskRunner implements TaskRunner {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.task");

    /** Pause after a failure, where the pauses between runs are shorter or unknown. */
    private static final Duration FAILURE_PAUSE = Duration.ofSeconds(1);

    @Override
    public Task repeat(String name, Duration first, Supplier<Duration> work, Runnable end) {
        var closing = new CountDownLatch(1);
        Thread.ofPlatform().name(name).daemon().start(() -> run(name, first, work, end, closing));
        return closing::countDown;
    }

    private static void run(
            String name, Duration first, Supplier<Duration> work, Runnable end, CountDownLatch closing) {
        try {
            Duration pause = first;
            while (!closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                pause = runOnce(name, pause, work);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end.run();
        }
    }

    private static Duration runOnce(String name, Duration lastPause, Supplier<Duration> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            // A defect of one run must not end all later ones.
            LOG.error("task_failed name={}", name, e);
            return lastPause.compareTo(FAILURE_PAUSE) > 0 ? lastPause : FAILURE_PAUSE;
        }
    }
}
