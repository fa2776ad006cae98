package kr.kisgateway.gateway.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final LeaseTimes TIMES = new LeaseTimes(Duration.ofSeconds(10));
    private static final Duration HELD = TIMES.ttl().minus(TIMES.margin());

    private long nanos = Long.MAX_VALUE - 1; // it may overflow between two readings
    private Instant wall = Instant.parse("2026-11-26T00:00:00Z");

    private final Lease lease = new Lease("owner", 1, TIMES, () -> nanos, () -> wall, new Lease.Moment(nanos, wall));

    private void pass(Duration time) {
        nanos += time.toNanos();
        wall = wall.plus(time);
    }

    @Test
    void it_ends_for_its_holder_a_margin_before_the_database_gives_it_to_another() {
        pass(HELD.minusNanos(1));
        assertThat(lease.isHeld()).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(lease.isHeld()).isFalse();
        assertThat(TIMES.margin()).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void it_is_over_when_the_database_may_give_it_to_another_and_not_before() {
        pass(TIMES.ttl().minusNanos(1));
        assertThat(lease.isOver()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(lease.isOver()).isTrue();
    }

    @Test
    void a_renewal_counts_from_before_it_was_sent() {
        Lease.Moment start = lease.now();
        pass(Duration.ofSeconds(5)); // a slow answer
        lease.extend(start);
        pass(HELD.minusSeconds(5));
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void a_suspended_machine_whose_monotonic_clock_stood_still_does_not_hold_it_when_it_goes_on() {
        wall = wall.plus(HELD);
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void a_wall_clock_that_was_set_back_does_not_prolong_it() {
        wall = wall.minusSeconds(3_600);
        nanos += HELD.toNanos();
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void a_lost_one_is_never_held_again() {
        lease.lose();
        lease.extend(lease.now());
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.heldUntil()).isEqualTo(Instant.EPOCH);
    }
}
