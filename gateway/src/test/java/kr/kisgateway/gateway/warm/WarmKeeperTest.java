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
import kr.kisgateway.gateway.job.JobDesk;
import kr.kisgateway.gateway.job.JobStore;
import kr.kisgateway.gateway.quote.Clock;
import kr.kisgateway.gateway.settings.Settings.WarmType;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement("P-11")
class WarmKeeperTest {
    private static final Instruments LISTING = Instruments.load();

    @TempDir
    Path folder;

    /** Friday, a second before half past eight in Seoul. */
    private final Clock clock = new Clock("2026-11-19T23:29:59Z");

    private final AtomicInteger ids = new AtomicInteger();
    private CountDownLatch gate = new CountDownLatch(0);

    @Test
    @Requirement(value = "P-11", clause = "half-past-8")
    void it_fires_once_on_a_trading_day_and_again_on_the_next() {
        running(run -> {
            run.keeper.look();
            assertThat(run.begun()).as("08:29:59").isZero();
            clock.advance(Duration.ofSeconds(1));
            run.keeper.look();
            run.keeper.look();
            clock.advance(Duration.ofMinutes(5));
            run.keeper.look();
            assertThat(run.begun()).as("Friday").isEqualTo(1);
            clock.advance(Duration.ofHours(23).plusMinutes(55)); // Saturday, 08:30
            run.keeper.look();
            clock.advance(Duration.ofDays(1)); // Sunday
            run.keeper.look();
            assertThat(run.begun()).as("the weekend").isEqualTo(1);
            clock.advance(Duration.ofDays(1));
            run.keeper.look();
            assertThat(run.begun()).as("Monday").isEqualTo(2);
        });
    }

    @Test
    @Requirement(value = "P-11", clause = "trading-days")
    void a_holiday_is_left_out() {
        clock.advance(Duration.ofDays(35).plusSeconds(1)); // 2026-12-25, a Friday
        running(run -> {
            run.keeper.look();
            assertThat(run.begun()).isZero();
        });
    }

    @Test
    void after_a_restart_a_minute_later_it_does_not_fire_again() {
        clock.advance(Duration.ofSeconds(1));
        running(run -> run.keeper.look());
        clock.advance(Duration.ofMinutes(1));
        running(run -> {
            run.keeper.look();
            assertThat(run.begun()).isEqualTo(1);
        });
    }

    @Test
    void what_was_missed_is_made_good_for_half_an_hour_and_then_left() {
        clock.advance(Duration.ofMinutes(29));
        running(run -> {
            run.keeper.look();
            assertThat(run.begun()).as("08:58:59").isEqualTo(1);
        });
        clock.advance(Duration.ofDays(3).plusMinutes(1).plusSeconds(1));
        running(run -> {
            run.keeper.look();
            assertThat(run.begun()).as("Monday, 09:00").isEqualTo(1);
        });
    }

    @Test
    void what_somebody_asked_for_does_not_stand_for_the_schedule() {
        clock.advance(Duration.ofSeconds(1));
        running(run -> {
            run.desk.begin(
                    List.of(new Symbol("005930")), false, EnumSet.of(WarmType.PRICE), true, "me", Optional.empty());
            run.keeper.look();
            assertThat(run.begun()).isEqualTo(1);
        });
    }

    @Test
    void while_too_many_jobs_run_it_is_tried_again() {
        clock.advance(Duration.ofSeconds(1));
        gate = new CountDownLatch(1);
        running(run -> {
            for (int i = 0; i < JobDesk.RUNNING_MAX; i++) {
                run.desk.begin(
                        List.of(new Symbol("005930")), false, EnumSet.of(WarmType.PRICE), true, "me", Optional.empty());
            }
            run.keeper.look();
            assertThat(run.begun()).isZero();
            gate.countDown();
            until("no job runs", () -> run.jobs.running() == 0);
            run.keeper.look();
            assertThat(run.begun()).isEqualTo(1);
        });
    }

    @Test
    void its_thread_fires_when_the_time_comes() {
        running(run -> {
            try (var started = run.keeper.start()) {
                assertThat(started).isNotNull();
                clock.advance(Duration.ofSeconds(1));
                until("it has begun", () -> run.begun() > 0);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-19T23:29:59.999Z", "2026-11-20T00:00:00Z", "2026-11-21T05:00:00Z"})
    void the_wait_ends_at_the_time(String now) {
        var at = new Clock(now).instant();
        var plan = new WarmPlan(LocalTime.of(8, 30), new KrxCalendar());
        assertThat(at.plus(plan.until(at)).toString()).endsWith("T23:30:00Z");
        assertThat(plan.until(at)).isPositive();
    }

    private record Run(WarmKeeper keeper, WarmDesk desk, JobDesk jobs) {
        /** Warmings that began by themselves. */
        long begun() {
            return jobs.list(Optional.empty(), 100).stream()
                    .filter(seen -> seen.job().tenant().equals(WarmDesk.SCHEDULE))
                    .count();
        }
    }

    /** A process from its start to its stop, on the same files. */
    private void running(Consumer<Run> work) {
        Warming.Fetch fetch = (instrument, tenant, patience) -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        };
        var kind = new Warming(
                Map.of(WarmType.PRICE, fetch, WarmType.CHART, fetch, WarmType.INFO, fetch), Lookups.shipped());
        try (var store = JobStore.open(folder.resolve("jobs.db"));
                var jobs = new JobDesk(store, List.of(kind), () -> "job-" + ids.incrementAndGet(), clock)) {
            jobs.start();
            var desk = new WarmDesk(jobs);
            work.accept(new Run(
                    new WarmKeeper(
                            new WarmPlan(LocalTime.of(8, 30), new KrxCalendar()),
                            desk,
                            () -> List.of(new Symbol("005930"), new Symbol("000660")),
                            true,
                            EnumSet.allOf(WarmType.class),
                            clock),
                    desk,
                    jobs));
        }
    }
}
