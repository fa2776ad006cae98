package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Optional;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.market.FastTime;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    private static final Instant START = Instant.parse("2026-11-20T01:00:00Z");
    private Instant wall = START;
    private long nanos = -5_000_000_000L; // any beginning, also a negative one
    private final SteadyClock clock = new SteadyClock(() -> wall, () -> nanos);

    private void pass(Duration span) {
        wall = wall.plus(span);
        nanos += span.toNanos();
    }

    @Test
    void a_clock_set_back_continues_and_never_repeats_a_moment() {
        pass(Duration.ofSeconds(10));
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(10));
        wall = wall.minus(Duration.ofHours(1));
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(10));
        pass(Duration.ofSeconds(5));
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(15));
        assertThat(clock.aheadOfWall()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void a_fast_clock_runs_by_its_speed_and_measures_real_durations() {
        var fast = SteadyClock.fast(
                new FastTime(60, LocalDateTime.of(2026, 11, 17, 8, 30), Optional.empty()), () -> wall, () -> nanos);
        var start = Instant.parse("2026-11-16T23:30:00Z");
        var monotonicClock = fast.monotonicClock();
        long began = fast.nanos().getAsLong();

        assertThat(fast.instant()).isEqualTo(start);
        nanos += 2_000_000_000;
        assertThat(fast.instant()).isEqualTo(start.plusSeconds(120));
        assertThat(monotonicClock.instant()).isEqualTo(start.plusSeconds(120));
        assertThat(fast.nanos().getAsLong() - began).isEqualTo(2_000_000_000);
        assertThat(fast.measureStep()).isZero();
    }

    @Test
    void programs_that_name_the_same_origin_have_the_same_fast_time() {
        var time = FastTime.parse("clock", "x60@2026-11-17T08:30/2026-11-20T00:59:50Z");
        var early = SteadyClock.fast(time, () -> wall, () -> nanos);
        pass(Duration.ofSeconds(3));
        var late = SteadyClock.fast(time, () -> wall, () -> nanos);

        assertThat(early.instant()).isEqualTo(Instant.parse("2026-11-16T23:43:00Z"));
        assertThat(late.instant()).isEqualTo(early.instant());
    }

    @Test
    void a_clock_set_ahead_follows_and_its_monotonic_clock_does_not() {
        var monotonicClock = clock.monotonicClock();
        pass(Duration.ofSeconds(10));
        wall = wall.plus(Duration.ofHours(1));
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(3_610));
        assertThat(monotonicClock.instant()).isEqualTo(START.plusSeconds(10));
    }

    @Test
    void each_step_is_reported_once_with_its_size_and_a_time_service_correction_is_not() {
        var alertMessages = new ArrayList<String>();
        var log = new AlertLog(alert -> alertMessages.add(alert.message()));
        var watch = new ClockWatch(
                clock, new AlertSource(log, AlertEvent.CLOCK_STEPPED, clock), () -> Duration.ofSeconds(2));
        wall = wall.plusMillis(1_900);
        watch.check();
        assertThat(alertMessages).isEmpty();
        wall = wall.minusSeconds(90);
        watch.check();
        watch.check();
        assertThat(alertMessages).singleElement().asString().contains("set back by 90.0 s");
        wall = wall.plusSeconds(3);
        watch.check();
        assertThat(alertMessages).hasSize(2).last().asString().contains("set ahead by 3.0 s");
        watch.check();
        assertThat(log.newest(9))
                .as("the machine's clock is still behind")
                .noneMatch(it -> it.settledAt().isPresent());
        wall = wall.plusSeconds(90);
        watch.check();
        watch.check();
        assertThat(log.newest(9)).hasSize(3).allMatch(it -> it.settledAt().isPresent());
    }
}
