package kr.kisgateway.client.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BarsTest {
    @Property(tries = 300)
    void weeks_and_months_aggregate_exactly_their_days(
            @ForAll @IntRange(max = 3000) int start,
            @ForAll @Size(min = 1, max = 120) List<@IntRange(min = 1, max = 9) Integer> steps) {
        List<Bar> days = new ArrayList<>();
        LocalDate day = LocalDate.of(2018, 1, 1).plusDays(start);
        for (int step : steps) {
            day = day.plusDays(step);
            days.add(bar(day, 100 + step, 120 + step, 90 - step, 101 + step, step * 10L, OptionalLong.of(step)));
        }
        for (ChartPeriod period : List.of(ChartPeriod.WEEK, ChartPeriod.MONTH)) {
            List<Bar> bars = Bars.aggregateDays(period, days);
            assertThat(bars.stream().mapToLong(Bar::volume).sum())
                    .isEqualTo(days.stream().mapToLong(Bar::volume).sum());
            for (Bar bar : bars) {
                List<Bar> inside = days.stream()
                        .filter(it -> isSamePeriod(period, it.date(), bar.date()))
                        .toList();
                assertThat(bar.open()).isEqualTo(inside.getFirst().open());
                assertThat(bar.close()).isEqualTo(inside.getLast().close());
                assertThat(bar.date()).isEqualTo(inside.getLast().date());
                assertThat(bar.high())
                        .isEqualTo(inside.stream().mapToLong(Bar::high).max().orElseThrow());
                assertThat(bar.low())
                        .isEqualTo(inside.stream().mapToLong(Bar::low).min().orElseThrow());
            }
            assertThat(bars).extracting(Bar::date).isSorted().doesNotHaveDuplicates();
        }
        assertThat(Bars.aggregateDays(ChartPeriod.DAY, days)).isEqualTo(days);
    }

    @Property(tries = 300)
    void longer_minute_bars_aggregate_exactly_their_minutes_and_start_on_the_clock(
            @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 1, max = 9) Integer> steps) {
        List<Bar> minutes = new ArrayList<>();
        LocalDateTime at = LocalDateTime.of(2026, 11, 19, 22, 0);
        for (int step : steps) {
            at = at.plusMinutes(step);
            Bar bar = bar(at.toLocalDate(), 100, 100 + step, 100 - step, 101, step, OptionalLong.of(step));
            minutes.add(new Bar(
                    bar.date(),
                    Optional.of(at.toLocalTime()),
                    bar.open(),
                    bar.high(),
                    bar.low(),
                    bar.close(),
                    bar.volume(),
                    bar.turnover()));
        }
        for (ChartPeriod period : List.of(ChartPeriod.FIVE_MINUTES, ChartPeriod.THIRTY_MINUTES)) {
            int length = period == ChartPeriod.FIVE_MINUTES ? 5 : 30;
            List<Bar> bars = Bars.aggregateMinutes(period, minutes);
            assertThat(bars)
                    .extracting(it -> it.date().atTime(it.time().orElseThrow()))
                    .isSorted()
                    .doesNotHaveDuplicates();
            for (Bar bar : bars) {
                LocalDateTime begin = bar.date().atTime(bar.time().orElseThrow());
                assertThat(begin.getMinute() % length).isZero();
                List<Bar> inside = minutes.stream()
                        .filter(it -> !it.date().atTime(it.time().orElseThrow()).isBefore(begin))
                        .filter(it -> it.date().atTime(it.time().orElseThrow()).isBefore(begin.plusMinutes(length)))
                        .toList();
                assertThat(bar.volume())
                        .isEqualTo(inside.stream().mapToLong(Bar::volume).sum());
                assertThat(bar.high())
                        .isEqualTo(inside.stream().mapToLong(Bar::high).max().orElseThrow());
            }
            assertThat(bars.stream().mapToLong(Bar::volume).sum())
                    .isEqualTo(minutes.stream().mapToLong(Bar::volume).sum());
        }
        assertThat(Bars.aggregateMinutes(ChartPeriod.MINUTE, minutes)).isEqualTo(minutes);
    }

    @Test
    void a_turnover_with_a_missing_part_is_absent() {
        LocalDate monday = LocalDate.of(2024, 1, 1);
        Bar complete = bar(monday, 1, 1, 1, 1, 1, OptionalLong.of(5));
        Bar incomplete = bar(monday.plusDays(1), 1, 1, 1, 1, 1, OptionalLong.empty());
        assertThat(Bars.aggregateDays(ChartPeriod.WEEK, List.of(complete, incomplete))
                        .getFirst()
                        .turnover())
                .isEmpty();
        assertThat(Bars.aggregateDays(ChartPeriod.WEEK, List.of(complete, complete))
                        .getFirst()
                        .turnover())
                .hasValue(10);
    }

    /** Calculated differently from the code under test: by counting back to the Monday. */
    private static boolean isSamePeriod(ChartPeriod period, LocalDate one, LocalDate other) {
        return period == ChartPeriod.MONTH
                ? one.getYear() == other.getYear() && one.getMonth() == other.getMonth()
                : monday(one).equals(monday(other));
    }

    private static LocalDate monday(LocalDate day) {
        LocalDate monday = day;
        while (monday.getDayOfWeek() != DayOfWeek.MONDAY) {
            monday = monday.minusDays(1);
        }
        return monday;
    }

    private static Bar bar(
            LocalDate day, long open, long high, long low, long close, long volume, OptionalLong turnover) {
        return new Bar(day, Optional.empty(), open, high, low, close, volume, turnover);
    }
}
