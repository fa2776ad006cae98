package kr.kisgateway.gateway.incident;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import kr.kisgateway.gateway.incident.RowLimiter.Row;
import org.junit.jupiter.api.Test;

/** A flood becomes few rows, and no occurrence is missing in their counts. */
class RowLimiterTest {
    private static final Instant START = Instant.parse("2026-11-20T01:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final RowLimiter limiter = new RowLimiter();

    private static Row row(int i, String group) {
        return Row.of(
                START.plusMillis(i), IncidentRows.SESSION_LOST, "app_key=" + group, "app_key=" + group + " n=" + i);
    }

    @Test
    void the_first_of_a_minute_are_rows_and_the_others_one_sum_at_its_end() {
        assertThat(limiter.endMinute(START)).isEmpty();
        long rows = IntStream.range(0, 1_000)
                .filter(i -> limiter.take(row(i, "K1")).isPresent())
                .count();
        assertThat(rows).isEqualTo(RowLimiter.SINGLE_MAX);
        assertThat(limiter.endMinute(START.plus(MINUTE).minusMillis(1)))
                .as("the minute is not over")
                .isEmpty();
        assertThat(limiter.endMinute(START.plus(MINUTE))).singleElement().satisfies(sum -> {
            assertThat(sum.count()).isEqualTo(1_000 - RowLimiter.SINGLE_MAX);
            assertThat(sum.at()).isEqualTo(START.plusMillis(RowLimiter.SINGLE_MAX));
            assertThat(Fields.parse(sum.fields()).text(IncidentRows.APP_KEY)).isEqualTo("K1");
            assertThat(Fields.parse(sum.fields()).text(IncidentRows.SUMMED)).isEqualTo("true");
        });
        assertThat(limiter.take(row(0, "K1"))).as("a new minute").isPresent();
    }

    @Test
    void groups_beyond_the_most_are_one_together_and_all_are_counted() {
        limiter.endMinute(START);
        long rows = IntStream.range(0, 3 * RowLimiter.GROUPS_MAX)
                .filter(i -> limiter.take(row(i, "K" + i)).isPresent())
                .count();
        assertThat(rows).isEqualTo(RowLimiter.GROUPS_MAX);
        assertThat(limiter.end())
                .singleElement()
                .satisfies(sum -> assertThat(sum.count()).isEqualTo(2L * RowLimiter.GROUPS_MAX));
        assertThat(limiter.end()).as("once").isEmpty();
    }
}
