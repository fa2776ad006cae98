package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntFunction;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.market.TradingCalendar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maintenance of the files, once a day and at the start; nothing of it is urgent. */
public final class HistoryMaintenance {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.history");
    private static final Duration CHECK_INTERVAL = Duration.ofMinutes(1);

    /**
     * @param deletes whether the task deletes data
     * @param work takes today's date in Seoul; returns the number of days processed
     */
    public record MaintenanceTask(String name, boolean deletes, ToIntFunction<LocalDate> work) {}

    private final List<MaintenanceTask> tasks;
    private final InstantSource clock;
    private final LongAdder deleted = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private LocalDate lastRun = LocalDate.MIN;

    public HistoryMaintenance(List<MaintenanceTask> tasks, InstantSource clock) {
        this.tasks = List.copyOf(tasks);
        this.clock = clock;
    }

    /** Runs the tasks that are due now, and later ones when they become due. */
    public TaskRunner.Task start(TaskRunner runner) {
        return runner.repeat("history-upkeep", () -> {
            runIfDue();
            return CHECK_INTERVAL;
        });
    }

    /** Runs all tasks once a day in Seoul. One thread at a time. */
    void runIfDue() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL);
        if (!today.isAfter(lastRun)) {
            return;
        }
        lastRun = today;
        for (MaintenanceTask task : tasks) {
            try {
                int days = task.work().applyAsInt(today);
                if (days > 0) {
                    LOG.info("maintenance_completed task={} days={}", task.name(), days);
                }
                if (task.deletes()) {
                    deleted.add(days);
                }
            } catch (RuntimeException e) {
                // It is retried tomorrow; the other tasks still run.
                failures.increment();
                LOG.error("maintenance_failed task={}", task.name(), e);
            }
        }
    }

    /** Registers the meters of the maintenance. */
    public void bindTo(Meters meters) {
        meters.counter("history.days.deleted", "days", "Days of files deleted because of their age", deleted::sum);
        meters.counter("history.maintenance.failures", "tasks", "Daily maintenance tasks that failed", failures::sum);
    }
}
