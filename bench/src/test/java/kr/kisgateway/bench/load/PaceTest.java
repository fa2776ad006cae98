package kr.kisgateway.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void an_open_loop_follows_its_schedule_while_nothing_is_sent() {
        var pace = Pace.open(50, 1_000, 1);

        assertThat(pace.next(50)).isEqualTo(50);
        assertThat(pace.next(50 + SECOND))
                .as("a second later the first is still owed since then")
                .isEqualTo(50);
        pace.sent();
        assertThat(pace.next(50 + SECOND)).isEqualTo(50 + SECOND / 1_000);
    }

    @Test
    void an_open_loop_sends_exactly_its_number_and_rounding_never_adds_up() {
        var pace = Pace.open(0, 3, 7);
        int sent = 0;
        long last = 0;
        for (long due = pace.next(0); due != Pace.OVER; due = pace.next(0)) {
            last = due;
            pace.sent();
            sent++;
        }

        assertThat(sent).isEqualTo(21);
        assertThat(last).isEqualTo(6 * SECOND + 2 * SECOND / 3);
    }

    @Test
    void few_requests_are_spread_over_a_long_time() {
        var pace = Pace.even(0, 7, 3_600);
        int sent = 0;
        long last = 0;
        for (long due = pace.next(0); due != Pace.OVER; due = pace.next(0)) {
            assertThat(due).isEqualTo(sent * 3_600 * SECOND / 7);
            last = due;
            pace.sent();
            sent++;
        }

        assertThat(sent).isEqualTo(7);
        assertThat(last).isEqualTo(6 * 3_600 * SECOND / 7);
    }

    @Test
    void a_closed_loop_sends_at_once_until_its_end() {
        var pace = Pace.closed(100);

        assertThat(pace.next(7)).isEqualTo(7);
        pace.sent();
        assertThat(pace.next(99)).isEqualTo(99);
        assertThat(pace.next(100)).isEqualTo(Pace.OVER);
    }
}
