package kr.kisgateway.gateway.task;

import java.time.Duration;
import java.util.concurrent.Semaphore;
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
        var task = new ThreadTask(name, first, work, end);
        task.thread.start();
        return task;
    }

    private static final class ThreadTask implements Task {
        private final String name;
        private final Duration first;
        private final Supplier<Duration> work;
        private final Runnable end;
        private final Thread thread;
        private final Semaphore wakeUps = new Semaphore(0);
        private volatile boolean closed;

        ThreadTask(String name, Duration first, Supplier<Duration> work, Runnable end) {
            this.name = name;
            this.first = first;
            this.work = work;
            this.end = end;
            this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
        }

        private void run() {
            try {
                for (var pause = first; awaitNext(pause); ) {
                    pause = runOnce(pause);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                end.run();
            }
        }

        /** Whether there is a next run, after the pause or a wake-up. */
        private boolean awaitNext(Duration pause) throws InterruptedException {
            if (wakeUps.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                wakeUps.drainPermits();
            }
            return !closed;
        }

        private Duration runOnce(Duration lastPause) {
            try {
                return work.get();
            } catch (RuntimeException e) {
                // A defect of one run must not end all later ones.
                LOG.error("task_failed name={}", name, e);
                return lastPause.compareTo(FAILURE_PAUSE) > 0 ? lastPause : FAILURE_PAUSE;
            }
        }

        @Override
        public void wakeUp() {
            wakeUps.release();
        }

        @Override
        public void close() {
            closed = true;
            wakeUps.release();
        }

        @Override
        public boolean awaitEnd(Duration limit) {
            try {
                return thread.join(limit);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
