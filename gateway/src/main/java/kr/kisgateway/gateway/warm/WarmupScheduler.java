package kr.kisgateway.gateway.warm;

import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.job.JobRunner;
import kr.kisgateway.gateway.settings.Settings.WarmupType;
import kr.kisgateway.market.Symbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins the warming of each trading day on the thread {@code warm-keeper}, once a day whatever is restarted. */
final class WarmupScheduler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.warm");

    /** The clock may be set: not to miss the time by more than this. A warming that was refused is tried again as often. */
    private static final Duration WAIT_MAX = Duration.ofMinutes(1);

    private final WarmupSchedule plan;
    private final WarmupStarter desk;
    private final Supplier<List<Symbol>> symbols;
    private final boolean top;
    private final Set<WarmupType> types;
    private final InstantSource clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private Optional<LocalDate> lastStarted = Optional.empty();

    /**
     * @param symbols those of the day
     * @param top whether they are the most traded
     */
    WarmupScheduler(
            WarmupSchedule plan,
            WarmupStarter desk,
            Supplier<List<Symbol>> symbols,
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

    WarmupScheduler start() {
        Thread.ofVirtual().name("warm-keeper").start(this::run);
        return this;
    }

    private void run() {
        try {
            do {
                startIfDue();
            } while (!closing.await(boundedWait(plan.untilNext(clock.instant())).toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration boundedWait(Duration until) {
        return until.compareTo(WAIT_MAX) < 0 ? until.plusMillis(1) : WAIT_MAX;
    }

    /** Begins the warming that is due, unless it was begun. */
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
            // A defect must not end the thread that warms on all other days.
            LOG.error("warming_not_begun day={}", due.get(), e);
        }
    }

    private boolean startJob(LocalDate day) {
        return switch (desk.start(symbols.get(), top, types, true, WarmupStarter.SCHEDULE, Optional.of(day))) {
            case JobRunner.StartResult.Accepted(var entry) -> {
                LOG.info("warming_begun day={} job={}", day, entry.job().id());
                yield true;
            }
            case JobRunner.StartResult.Refused(Refusal refusal) -> {
                LOG.warn("warming_refused day={} code={} again=PT1M", day, refusal.code());
                yield false;
            }
        };
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
