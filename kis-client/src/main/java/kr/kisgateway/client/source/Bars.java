package kr.kisgateway.client.source;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Aggregates days to weeks and months, and minutes to longer bars. */
final class Bars {
    private Bars() {}

    /** The first day of the period of {@code day}. */
    static LocalDate first(ChartPeriod period, LocalDate day) {
        return switch (period) {
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1);
            case DAY, MINUTE, FIVE_MINUTES, THIRTY_MINUTES -> day;
        };
    }

    /** The last day of the period of {@code day}. */
    static LocalDate last(ChartPeriod period, LocalDate day) {
        return switch (period) {
            case WEEK -> day.with(TemporalAdjusters.nextOrSame(DayOfWeek.SUNDAY));
            case MONTH -> day.with(TemporalAdjusters.lastDayOfMonth());
            case DAY, MINUTE, FIVE_MINUTES, THIRTY_MINUTES -> day;
        };
    }

    /** One bar for each period that has days, in their order. */
    static List<Bar> aggregateDays(ChartPeriod period, List<Bar> days) {
        Map<LocalDate, List<Bar>> periods = new LinkedHashMap<>();
        for (Bar day : days) {
            periods.computeIfAbsent(first(period, day.date()), _ -> new ArrayList<>())
                    .add(day);
        }
        return periods.values().stream()
                .map(inside -> merge(inside, inside.getLast().time()))
                .toList();
    }

    /** One bar for each period that has minutes, in their order; it starts by the clock, not with its first trade. */
    static List<Bar> aggregateMinutes(ChartPeriod period, List<Bar> minutes) {
        Map<LocalDateTime, List<Bar>> periods = new LinkedHashMap<>();
        for (Bar minute : minutes) {
            LocalTime time = minute.time().orElseThrow();
            int since = time.getMinute() % lengthMinutes(period);
            LocalTime begin = time.truncatedTo(ChronoUnit.MINUTES).minusMinutes(since);
            periods.computeIfAbsent(minute.date().atTime(begin), _ -> new ArrayList<>())
                    .add(minute);
        }
        return periods.entrySet().stream()
                .map(each -> merge(each.getValue(), Optional.of(each.getKey().toLocalTime())))
                .toList();
    }

    private static int lengthMinutes(ChartPeriod period) {
        return switch (period) {
            case MINUTE -> 1;
            case FIVE_MINUTES -> 5;
            case THIRTY_MINUTES -> 30;
            case DAY, WEEK, MONTH -> throw new IllegalArgumentException(period + " is no bar of minutes");
        };
    }

    private static Bar merge(List<Bar> days, Optional<LocalTime> time) {
        long high = Long.MIN_VALUE;
        long low = Long.MAX_VALUE;
        long volume = 0;
        OptionalLong turnover = OptionalLong.of(0);
        for (Bar day : days) {
            high = Math.max(high, day.high());
            low = Math.min(low, day.low());
            volume = Math.addExact(volume, day.volume());
            // A sum with an unknown part is unknown.
            turnover = turnover.isPresent() && day.turnover().isPresent()
                    ? OptionalLong.of(
                            Math.addExact(turnover.getAsLong(), day.turnover().getAsLong()))
                    : OptionalLong.empty();
        }
        Bar last = days.getLast();
        return new Bar(last.date(), time, days.getFirst().open(), high, low, last.close(), volume, turnover);
    }
}
