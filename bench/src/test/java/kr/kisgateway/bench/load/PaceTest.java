package kr.kisgateway.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
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
        var due = schedule(pace);

        assertThat(due).hasSize(21);
        assertThat(due.getLast()).isEqualTo(6 * SECOND + 2 * SECOND / 3);
    }

    @Test
    void few_requests_are_spread_over_a_long_time() {
        var pace = Pace.even(0, 7, 3_600);
        assertThat(schedule(pace))
                .containsExactlyElementsOf(LongStream.range(0, 7)
                        .mapToObj(n -> n * 3_600 * SECOND / 7)
                        .toList());
    }

    /** The times at which all requests are due. */
    private static List<Long> schedule(Pace pace) {
        var due = new ArrayList<Long>();
        for (long next = pace.next(0); next != Pace.OVER; next = pace.next(0)) {
            due.add(next);
            pace.sent();
        }
        return due;
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
