package kr.kisgateway.gateway.task;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Runs periodic work, each task on a thread of its own and never twice at once. A failure is logged, and the task runs again
 * after the next pause. Tests replace it by one whose time they advance.
 */
public interface TaskRunner {
    /** A running task. Closing it ends the pause at once, does not interrupt the work and does not wait for it. */
    interface Task extends AutoCloseable {
        /** Ends the pause: the work runs now, or once more after the run in progress. Requests in between count once. */
        void wakeUp();

        @Override
        void close();

        /**
         * Waits until the last run of a closed task is over. Not by the task itself.
         *
         * @return whether it is over within {@code limit}; false also after an interrupt, which stays set
         */
        boolean awaitEnd(Duration limit);
    }

    /**
     * Runs {@code work} again and again.
     *
     * @param name of the thread and in the log
     * @param first pause before the first run
     * @param work returns the pause before the next run
     * @param end runs on the task's thread after the last run
     */
    Task repeat(String name, Duration first, Supplier<Duration> work, Runnable end);

    /** Runs {@code work} at once, and again after each pause that it returns. */
    default Task repeat(String name, Supplier<Duration> work) {
        return repeat(name, Duration.ZERO, work, () -> {});
    }

    /** Runs {@code work} after each {@code interval}, the first time after one. */
    default Task every(String name, Duration interval, Runnable work) {
        return repeat(
                name,
                interval,
                () -> {
                    work.run();
                    return interval;
                },
                () -> {});
    }
}
