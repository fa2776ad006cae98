package kr.kisgateway.gateway.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TaskRunnerTest {
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofDays(1);

    private final ThreadTaskRunner runner = new ThreadTaskRunner();

    @Test
    void work_runs_again_after_each_pause_on_a_daemon_thread_of_its_name() throws InterruptedException {
        var threeRuns = new CountDownLatch(3);
        var thread = new java.util.concurrent.atomic.AtomicReference<>(Thread.currentThread());
        try (var _ = runner.every("a-task", SHORT, () -> {
            thread.set(Thread.currentThread());
            threeRuns.countDown();
        })) {
            assertThat(threeRuns.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(thread.get().getName()).isEqualTo("a-task");
        assertThat(thread.get().isDaemon()).isTrue();
    }

    @Test
    void a_failed_run_does_not_end_the_task() throws InterruptedException {
        var runs = new AtomicInteger();
        var afterFailure = new CountDownLatch(1);
        try (var _ = runner.repeat("failing", () -> {
            if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("the first run fails");
            }
            afterFailure.countDown();
            return LONG;
        })) {
            assertThat(afterFailure.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closing_ends_a_long_pause_at_once_and_runs_the_end_once() throws InterruptedException {
        var started = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        var runs = new AtomicInteger();
        var task = runner.repeat(
                "pausing",
                Duration.ZERO,
                () -> {
                    runs.incrementAndGet();
                    started.countDown();
                    return LONG;
                },
                ended::countDown);
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
        task.close();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(runs).hasValue(1);
    }

    @Test
    void a_wake_up_ends_the_pause_and_one_during_a_run_makes_it_run_once_more() throws InterruptedException {
        var started = new Semaphore(0);
        var mayEnd = new Semaphore(0);
        try (var task = runner.repeat(
                "woken",
                LONG,
                () -> {
                    started.release();
                    mayEnd.acquireUninterruptibly();
                    return LONG;
                },
                () -> {})) {
            assertThat(started.tryAcquire(20, TimeUnit.MILLISECONDS))
                    .as("before it is woken")
                    .isFalse();
            task.wakeUp();
            assertThat(started.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 1_000; i++) {
                task.wakeUp();
            }
            mayEnd.release();
            assertThat(started.tryAcquire(10, TimeUnit.SECONDS)).as("once more").isTrue();
            mayEnd.release();
            assertThat(started.tryAcquire(20, TimeUnit.MILLISECONDS))
                    .as("and not a thousand times")
                    .isFalse();
        }
    }

    @Test
    void the_end_of_a_closed_task_is_awaited_with_the_run_in_progress_and_no_run_follows() throws InterruptedException {
        var started = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var events = new ConcurrentLinkedQueue<String>();
        var task = runner.repeat(
                "last-run",
                Duration.ZERO,
                () -> {
                    events.add("begun");
                    started.countDown();
                    awaitUninterrupted(mayEnd);
                    events.add("done");
                    return SHORT;
                },
                () -> events.add("end"));
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
        task.wakeUp();
        task.close();
        assertThat(task.awaitEnd(Duration.ofMillis(20))).as("while it runs").isFalse();
        assertThat(events).containsExactly("begun");
        mayEnd.countDown();
        assertThat(task.awaitEnd(Duration.ofSeconds(10))).isTrue();
        assertThat(events).containsExactly("begun", "done", "end");
    }

    @Test
    void an_interrupt_ends_the_wait_for_the_end_and_stays_set() {
        try (var task = runner.every("waiting", LONG, () -> {})) {
            Thread.currentThread().interrupt();
            assertThat(task.awaitEnd(Duration.ofSeconds(10))).isFalse();
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_test_runs_tasks_by_advancing_their_time() {
        var manual = new ManualTaskRunner();
        var runs = new AtomicInteger();
        var task = manual.every("every-second", Duration.ofSeconds(1), runs::incrementAndGet);
        manual.advance(Duration.ofMillis(999));
        assertThat(runs).hasValue(0);
        manual.advance(Duration.ofMillis(2_001));
        assertThat(runs).hasValue(3);
        task.wakeUp();
        manual.advance(Duration.ZERO);
        assertThat(runs).as("woken").hasValue(4);
        task.close();
        assertThat(task.awaitEnd(Duration.ZERO)).isTrue();
        manual.advance(Duration.ofSeconds(5));
        assertThat(runs).hasValue(4);
        assertThat(manual.running()).isEmpty();
    }
}
