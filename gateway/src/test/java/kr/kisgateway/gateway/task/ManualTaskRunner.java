package kr.kisgateway.gateway.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/** Runs tasks on the test's thread when their time has come by {@link #advance}. */
public final class ManualTaskRunner implements TaskRunner {
    private final List<ManualTask> tasks = new ArrayList<>();
    private Duration now = Duration.ZERO;

    private final class ManualTask implements Task {
        private final String name;
        private final Supplier<Duration> work;
        private final Runnable end;
        private Duration due;

        ManualTask(String name, Duration due, Supplier<Duration> work, Runnable end) {
            this.name = name;
            this.due = due;
            this.work = work;
            this.end = end;
        }

        @Override
        public void wakeUp() {
            due = now;
        }

        @Override
        public boolean awaitEnd(Duration limit) {
            return !tasks.contains(this);
        }

        @Override
        public void close() {
            if (tasks.remove(this)) {
                end.run();
            }
        }
    }

    @Override
    public Task repeat(String name, Duration first, Supplier<Duration> work, Runnable end) {
        var task = new ManualTask(name, now.plus(first), work, end);
        tasks.add(task);
        return task;
    }

    /** Lets time pass and runs what becomes due, in the order of time. */
    public void advance(Duration time) {
        var until = now.plus(time);
        for (var next = next(until); next.isPresent(); next = next(until)) {
            var task = next.get();
            now = task.due;
            task.due = now.plus(task.work.get());
        }
        now = until;
    }

    /** Names of the tasks that are not closed. */
    public List<String> running() {
        return tasks.stream().map(task -> task.name).toList();
    }

    private java.util.Optional<ManualTask> next(Duration until) {
        return tasks.stream()
                .filter(task -> task.due.compareTo(until) <= 0)
                .min(Comparator.comparing(task -> task.due));
    }
}
