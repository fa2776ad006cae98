package kr.kisgateway.client.budget;

import static org.assertj.core.api.Assertions.assertThat;

import kr.kisgateway.client.budget.BudgetCore.Group;
import org.junit.jupiter.api.Test;

class RateMeterTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long PAUSE = SECOND / 10;

    private static RateMeter meter(int limit) {
        return new RateMeter(limit, 9, PAUSE, SECOND);
    }

    @Test
    void shares_are_two_and_two_and_one_of_eighteen_calls_and_fewer_of_fewer() {
        assertThat(meter(18).share(Group.CANCEL)).isEqualTo(2);
        assertThat(meter(18).share(Group.RECONCILE)).isEqualTo(2);
        assertThat(meter(18).share(Group.QUOTE)).isEqualTo(1);
        assertThat(meter(18).share(Group.ORDER)).isZero();
        assertThat(meter(100).share(Group.CANCEL)).isEqualTo(2);
        assertThat(meter(13).share(Group.CANCEL)).isEqualTo(1);
        assertThat(meter(13).share(Group.QUOTE)).isZero();
        assertThat(meter(4).share(Group.CANCEL)).isZero();
    }

    @Test
    void a_burst_of_refusals_shrinks_the_limit_once_and_one_after_a_span_again() {
        var meter = meter(18);
        assertThat(meter.refused(SECOND)).isTrue();
        assertThat(meter.refused(2 * SECOND - 1)).isFalse();
        assertThat(meter.limit()).isEqualTo(17);
        assertThat(meter.refused(2 * SECOND)).isTrue();
        assertThat(meter.limit()).isEqualTo(16);
    }

    @Test
    void the_limit_never_shrinks_to_nothing() {
        var meter = meter(2);
        assertThat(meter.refused(0)).isTrue();
        assertThat(meter.limit()).isEqualTo(1);
        assertThat(meter.refused(10 * SECOND)).isFalse();
        assertThat(meter.limit()).isEqualTo(1);
    }

    @Test
    void it_recovers_one_step_each_five_seconds_after_the_last_refusal() {
        var meter = meter(18);
        meter.refused(0);
        meter.refused(SECOND);
        meter.advanceTo(6 * SECOND - 1);
        assertThat(meter.limit()).isEqualTo(16);
        meter.advanceTo(6 * SECOND);
        assertThat(meter.limit()).isEqualTo(17);
        meter.advanceTo(11 * SECOND);
        assertThat(meter.limit()).isEqualTo(18);
        meter.advanceTo(60 * SECOND);
        assertThat(meter.limit()).isEqualTo(18);
    }

    @Test
    void nothing_is_sent_until_the_pause_after_a_refusal_is_over() {
        var meter = meter(18);
        meter.refused(0);
        assertThat(meter.hasCapacity(Group.QUOTE, PAUSE - 1)).isFalse();
        assertThat(meter.freeAt(Group.QUOTE, 0, 0)).isEqualTo(PAUSE);
        assertThat(meter.hasCapacity(Group.QUOTE, PAUSE)).isTrue();
    }

    @Test
    void slots_for_cancels_are_kept_once_orders_are_expected_until_cancels_use_them() {
        var meter = meter(18);
        assertThat(meter.limitFor(Group.HISTORY)).isEqualTo(18);
        meter.reserveForCancels();
        assertThat(meter.limitFor(Group.HISTORY)).isEqualTo(16);
        assertThat(meter.limitFor(Group.CANCEL)).isEqualTo(18);
        meter.window.add(0, Group.CANCEL);
        assertThat(meter.limitFor(Group.HISTORY)).isEqualTo(17);
        meter.window.add(0, Group.CANCEL);
        meter.window.add(0, Group.CANCEL);
        assertThat(meter.limitFor(Group.HISTORY))
                .as("three cancels keep no slot")
                .isEqualTo(18);
    }
}
