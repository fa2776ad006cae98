package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalLong;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

class BarsTest {
    @Test
    @Requirement(value = "P-04", clause = "charts")
    void minutes_aggregate_to_longer_bars_aligned_to_the_clock() {
        var bars = List.of(
                minute("2026-11-20T09:01", 100, 120, 90, 110, 5),
                minute("2026-11-20T09:04", 111, 130, 111, 112, 7),
                minute("2026-11-20T09:05", 200, 210, 190, 205, 1));

        assertThat(Bars.aggregate(BarPeriod.M5, bars, TradingCalendar.SEOUL))
                .containsExactly(
                        minute("2026-11-20T09:00", 100, 130, 90, 112, 12),
                        minute("2026-11-20T09:05", 200, 210, 190, 205, 1));
        assertThat(Bars.aggregate(BarPeriod.M60, bars, TradingCalendar.SEOUL))
                .containsExactly(minute("2026-11-20T09:00", 100, 210, 90, 205, 13));
    }

    @Test
    @Requirement(value = "P-04", clause = "charts")
    void days_make_weeks_months_and_years_dated_by_their_first_day() {
        var bars = List.of(day("2025-12-31", 10), day("2026-01-02", 20), day("2026-01-05", 30));

        assertThat(Bars.aggregate(BarPeriod.WEEK, bars, TradingCalendar.SEOUL))
                .extracting(Bar::date)
                .containsExactly(LocalDate.parse("2025-12-29"), LocalDate.parse("2026-01-05"));
        assertThat(Bars.aggregate(BarPeriod.MONTH, bars, TradingCalendar.SEOUL))
                .extracting(Bar::volume)
                .containsExactly(10L, 50L);
        assertThat(Bars.aggregate(BarPeriod.YEAR, bars, TradingCalendar.SEOUL))
                .extracting(Bar::date)
                .containsExactly(LocalDate.parse("2025-01-01"), LocalDate.parse("2026-01-01"));
    }

    @Test
    @Requirement(value = "P-04", clause = "charts")
    void bars_of_another_market_are_aggregated_by_its_own_clock() {
        // An evening in New York, of which Seoul has the next date already.
        var bars = List.of(
                minute("2026-11-19T10:15", UsHours.NEW_YORK, 100, 120, 90, 110, 5),
                minute("2026-11-19T19:59", UsHours.NEW_YORK, 111, 130, 111, 112, 7));

        assertThat(Bars.aggregate(BarPeriod.DAY, bars, UsHours.NEW_YORK))
                .containsExactly(minute("2026-11-19T00:00", UsHours.NEW_YORK, 100, 130, 90, 112, 12));
        assertThat(Bars.aggregate(BarPeriod.M60, bars, UsHours.NEW_YORK))
                .extracting(Bar::date)
                .containsOnly(LocalDate.parse("2026-11-19"));
    }

    @Test
    void a_sum_of_which_a_part_is_unknown_is_unknown() {
        var unknown =
                Bar.ofDay(LocalDate.parse("2026-01-02"), TradingCalendar.SEOUL, 1, 1, 1, 1, 1, OptionalLong.empty());

        assertThat(Bars.aggregate(BarPeriod.WEEK, List.of(day("2025-12-31", 10), unknown), TradingCalendar.SEOUL)
                        .getFirst()
                        .turnover())
                .isEmpty();
    }

    private static Bar minute(String at, long open, long high, long low, long close, long volume) {
        return minute(at, TradingCalendar.SEOUL, open, high, low, close, volume);
    }

    private static Bar minute(String at, ZoneId zone, long open, long high, long low, long close, long volume) {
        return Bar.of(LocalDateTime.parse(at), zone, open, high, low, close, volume, OptionalLong.of(volume * 100));
    }

    private static Bar day(String date, long volume) {
        return Bar.ofDay(LocalDate.parse(date), TradingCalendar.SEOUL, 5, 9, 4, 6, volume, OptionalLong.of(volume * 6));
    }
}
