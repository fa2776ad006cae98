package kr.kisgateway.gateway.warm;

import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.job.JobRunner.JobStatus;
import kr.kisgateway.gateway.settings.Settings.WarmupType;
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.market.MarketSymbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the warm-up of each trading day on the thread {@code warm-keeper}, once a day across restarts. */
final class WarmupScheduler {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.warm");

    /** The clock may be set: maximum delay after its change. A refused warm-up is retried at this interval. */
    private static final Duration WAIT_MAX = Duration.ofMinutes(1);

    private final WarmupSchedule plan;
    private final WarmupStarter desk;
    private final Supplier<? extends List<? extends MarketSymbol>> symbols;
    private final boolean top;
    private final Set<WarmupType> types;
    private final InstantSource clock;
    private Optional<LocalDate> lastStarted = Optional.empty();

    /**
     * @param symbols symbols of the day
     * @param top whether they are the most traded
     */
    WarmupScheduler(
            WarmupSchedule plan,
            WarmupStarter desk,
            Supplier<? extends List<? extends MarketSymbol>> symbols,
            boolean top,
            Set<WarmupType> types,
            InstantSource clock) {
        this.plan = plan;
        this.desk = desk;
        this.symbols = symbols;
        this.top = top;
        this.types = types;
        this.clock = clock;
    }

    TaskRunner.Task start(TaskRunner tasks) {
        return tasks.repeat("warm-keeper", () -> {
            startIfDue();
            return boundedWait(plan.untilNext(clock.instant()));
        });
    }

    private static Duration boundedWait(Duration until) {
        return until.compareTo(WAIT_MAX) < 0 ? until.plusMillis(1) : WAIT_MAX;
    }

    /** Starts the warm-up that is due, unless it was started. */
    void startIfDue() {
        var due = plan.dueDay(clock.instant());
        if (due.isEmpty() || lastStarted.equals(due)) {
            return;
        }
        try {
            if (desk.isStartedFor(due.get()) || startJob(due.get())) {
                lastStarted = due;
            }
        } catch (RuntimeException e) {
            // A defect must not end the thread, which serves all other days.
            LOG.error("warmup_start_failed day={}", due.get(), e);
        }
    }

    private boolean startJob(LocalDate day) {
        return switch (desk.start(symbols.get(), top, types, false, WarmupStarter.SCHEDULE, Optional.of(day))) {
            case Result.Success<JobStatus>(JobStatus entry) -> {
                LOG.info("warmup_started day={} job={}", day, entry.job().id());
                yield true;
            }
            case Result.Refused<JobStatus>(Refusal refusal) -> {
                LOG.warn("warmup_refused day={} code={} retry=PT1M", day, refusal.code());
                yield false;
            }
        };
    }
}
