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
import kr.kisgateway.gateway.job.JobDesk;
import kr.kisgateway.gateway.settings.Settings.WarmType;
import kr.kisgateway.market.Symbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins the warming of each trading day on the thread {@code warm-keeper}, once a day whatever is restarted. */
final class WarmKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.warm");

    /** The clock may be set: not to miss the time by more than this. A warming that was refused is tried again as often. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final WarmPlan plan;
    private final WarmDesk desk;
    private final Supplier<List<Symbol>> symbols;
    private final boolean top;
    private final Set<WarmType> types;
    private final InstantSource clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private Optional<LocalDate> begun = Optional.empty();

    /**
     * @param symbols those of the day
     * @param top whether they are the most traded
     */
    WarmKeeper(
            WarmPlan plan,
            WarmDesk desk,
            Supplier<List<Symbol>> symbols,
            boolean top,
            Set<WarmType> types,
            InstantSource clock) {
        this.plan = plan;
        this.desk = desk;
        this.symbols = symbols;
        this.top = top;
        this.types = types;
        this.clock = clock;
    }

    WarmKeeper start() {
        Thread.ofVirtual().name("warm-keeper").start(this::keep);
        return this;
    }

    private void keep() {
        try {
            do {
                look();
            } while (!closing.await(wait(plan.until(clock.instant())).toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration wait(Duration until) {
        return until.compareTo(LONGEST_WAIT) < 0 ? until.plusMillis(1) : LONGEST_WAIT;
    }

    /** Begins the warming that is due, unless it was begun. */
    void look() {
        var due = plan.due(clock.instant());
        if (due.isEmpty() || begun.equals(due)) {
            return;
        }
        try {
            if (desk.wasBegunFor(due.get()) || begin(due.get())) {
                begun = due;
            }
        } catch (RuntimeException e) {
            // A defect must not end the thread that warms on all other days.
            LOG.error("warming_not_begun day={}", due.get(), e);
        }
    }

    private boolean begin(LocalDate day) {
        return switch (desk.begin(symbols.get(), top, types, true, WarmDesk.SCHEDULE, Optional.of(day))) {
            case JobDesk.Started.Yes(var seen) -> {
                LOG.info("warming_begun day={} job={}", day, seen.job().id());
                yield true;
            }
            case JobDesk.Started.No(Refusal refusal) -> {
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
