package kr.kisgateway.gateway.warm;

import static kr.kisgateway.gateway.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.job.JobRunner;
import kr.kisgateway.gateway.job.JobStore;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.gateway.settings.Settings.WarmupType;
import kr.kisgateway.gateway.task.ManualTaskRunner;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement("P-11")
class WarmupSchedulerTest {
    private static final Instruments LISTING = Instruments.load();

    @TempDir
    Path folder;

    /** Friday, a second before half past eight in Seoul. */
    private final ManualClock clock = new ManualClock("2026-11-19T23:29:59Z");

    private final AtomicInteger ids = new AtomicInteger();
    private CountDownLatch gate = new CountDownLatch(0);

    @Test
    @Requirement(value = "P-11", clause = "half-past-8")
    void the_schedule_fires_once_on_a_trading_day_and_on_the_next() {
        running(run -> {
            run.keeper.startIfDue();
            assertThat(run.startedJobs()).as("08:29:59").isZero();
            clock.advance(Duration.ofSeconds(1));
            run.keeper.startIfDue();
            run.keeper.startIfDue();
            clock.advance(Duration.ofMinutes(5));
            run.keeper.startIfDue();
            assertThat(run.startedJobs()).as("Friday").isEqualTo(1);
            clock.advance(Duration.ofHours(23).plusMinutes(55)); // Saturday, 08:30
            run.keeper.startIfDue();
            clock.advance(Duration.ofDays(1)); // Sunday
            run.keeper.startIfDue();
            assertThat(run.startedJobs()).as("the weekend").isEqualTo(1);
            clock.advance(Duration.ofDays(1));
            run.keeper.startIfDue();
            assertThat(run.startedJobs()).as("Monday").isEqualTo(2);
        });
    }

    @Test
    @Requirement(value = "P-11", clause = "trading-days")
    void a_holiday_is_skipped() {
        clock.advance(Duration.ofDays(35).plusSeconds(1)); // 2026-12-25, a Friday
        running(run -> {
            run.keeper.startIfDue();
            assertThat(run.startedJobs()).isZero();
        });
    }

    @Test
    void after_a_restart_a_minute_later_the_schedule_does_not_fire_twice() {
        clock.advance(Duration.ofSeconds(1));
        running(run -> run.keeper.startIfDue());
        clock.advance(Duration.ofMinutes(1));
        running(run -> {
            run.keeper.startIfDue();
            assertThat(run.startedJobs()).isEqualTo(1);
        });
    }

    @Test
    void a_missed_warmup_is_made_up_for_half_an_hour_and_then_skipped() {
        clock.advance(Duration.ofMinutes(29));
        running(run -> {
            run.keeper.startIfDue();
            assertThat(run.startedJobs()).as("08:58:59").isEqualTo(1);
        });
        clock.advance(Duration.ofDays(3).plusMinutes(1).plusSeconds(1));
        running(run -> {
            run.keeper.startIfDue();
            assertThat(run.startedJobs()).as("Monday, 09:00").isEqualTo(1);
        });
    }

    @Test
    void a_requested_warmup_does_not_replace_the_scheduled_one() {
        clock.advance(Duration.ofSeconds(1));
        running(run -> {
            run.desk.start(
                    List.of(new Symbol("005930")), false, EnumSet.of(WarmupType.PRICE), true, "me", Optional.empty());
            run.keeper.startIfDue();
            assertThat(run.startedJobs()).isEqualTo(1);
        });
    }

    @Test
    void with_too_many_jobs_running_the_warmup_is_retried() {
        clock.advance(Duration.ofSeconds(1));
        gate = new CountDownLatch(1);
        running(run -> {
            for (int i = 0; i < JobRunner.RUNNING_MAX; i++) {
                run.desk.start(
                        List.of(new Symbol("005930")),
                        false,
                        EnumSet.of(WarmupType.PRICE),
                        true,
                        "me",
                        Optional.empty());
            }
            run.keeper.startIfDue();
            assertThat(run.startedJobs()).isZero();
            gate.countDown();
            until("no job runs", () -> run.jobs.running() == 0);
            run.keeper.startIfDue();
            assertThat(run.startedJobs()).isEqualTo(1);
        });
    }

    @Test
    void the_schedulers_task_fires_on_time() {
        running(run -> {
            var tasks = new ManualTaskRunner();
            try (var started = run.keeper.start(tasks)) {
                assertThat(started).isNotNull();
                tasks.advance(Duration.ZERO);
                assertThat(run.startedJobs()).isZero();
                clock.advance(Duration.ofSeconds(1));
                tasks.advance(Duration.ofSeconds(2));
                until("the warm-up has started", () -> run.startedJobs() > 0);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-19T23:29:59.999Z", "2026-11-20T00:00:00Z", "2026-11-21T05:00:00Z"})
    void the_wait_ends_at_the_scheduled_time(String now) {
        var at = new ManualClock(now).instant();
        var plan = new WarmupSchedule(LocalTime.of(8, 30), new KrxCalendar());
        assertThat(at.plus(plan.untilNext(at)).toString()).endsWith("T23:30:00Z");
        assertThat(plan.untilNext(at)).isPositive();
    }

    private record Run(WarmupScheduler keeper, WarmupStarter desk, JobRunner jobs) {
        /** Warm-ups that started by themselves. */
        long startedJobs() {
            return jobs.list(Optional.empty(), 100).stream()
                    .filter(entry -> entry.job().tenant().equals(WarmupStarter.SCHEDULE))
                    .count();
        }
    }

    /** A process from its start to its stop, on the same files. */
    private void running(Consumer<Run> work) {
        WarmupJob.Fetcher fetch = (instrument, tenant, timeout) -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        };
        var kind = new WarmupJob(
                Map.of(WarmupType.PRICE, fetch, WarmupType.CHART, fetch, WarmupType.INFO, fetch), Lookups.shipped());
        try (var store = JobStore.open(folder.resolve("jobs.db"));
                var jobs = new JobRunner(store, List.of(kind), () -> "job-" + ids.incrementAndGet(), clock)) {
            jobs.start();
            var desk = new WarmupStarter(jobs);
            work.accept(new Run(
                    new WarmupScheduler(
                            new WarmupSchedule(LocalTime.of(8, 30), new KrxCalendar()),
                            desk,
                            () -> List.of(new Symbol("005930"), new Symbol("000660")),
                            true,
                            EnumSet.allOf(WarmupType.class),
                            clock),
                    desk,
                    jobs));
        }
    }
}
