package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * The only scheduler of a simulated day: tasks run in the order of their time, and the seed orders tasks of the same
 * instant. Nothing else advances time.
 */
final class Loop {
    private static final Comparator<Task> ORDER = Comparator.comparing((Task task) -> task.at)
            .thenComparingLong(task -> task.lot)
            .thenComparingLong(task -> task.number);

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(ORDER);
    private final SplittableRandom lots;
    private Instant now;
    private long scheduled;
    private long done;

    Loop(Instant start, SplittableRandom lots) {
        this.now = start;
        this.lots = lots;
    }

    /** A scheduled task that can be cancelled. */
    static final class Task {
        private final Instant at;
        private final long lot;
        private final long number;
        private final Runnable work;
        private boolean off;

        private Task(Instant at, long lot, long number, Runnable work) {
            this.at = at;
            this.lot = lot;
            this.number = number;
            this.work = work;
        }

        void callOff() {
            off = true;
        }
    }

    /** The true time of the simulated world. */
    Instant now() {
        return now;
    }

    /** Number of executed tasks. */
    long done() {
        return done;
    }

    /** Schedules {@code work} at {@code at}, or now when that has passed. */
    Task at(Instant at, Runnable work) {
        var task = new Task(at.isBefore(now) ? now : at, lots.nextLong(), scheduled++, work);
        tasks.add(task);
        return task;
    }

    Task in(Duration delay, Runnable work) {
        return at(now.plus(delay), work);
    }

    /** Runs every task due before {@code end}, then sets the time to {@code end}. */
    void runUntil(Instant end) {
        while (!tasks.isEmpty() && tasks.peek().at.isBefore(end)) {
            Task task = tasks.remove();
            now = task.at;
            if (!task.off) {
                done++;
                task.work.run();
            }
        }
        now = end;
    }
}
