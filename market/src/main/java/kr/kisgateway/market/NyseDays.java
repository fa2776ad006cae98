package kr.kisgateway.market;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * On which dates New York trades. Known to the end of 2028; after that every weekday counts as a trading day, and before
 * 2024 every weekday, too.
 */
public final class NyseDays {
    private final Set<LocalDate> closed;

    private NyseDays(Set<LocalDate> closed) {
        this.closed = closed;
    }

    /** The module's own days. */
    public static NyseDays load() {
        return switch (CalendarFile.parse(Csv.text("nyse-days.txt"))) {
            case CalendarFile.Days(var days) ->
                new NyseDays(days.stream().map(CalendarDay::date).collect(Collectors.toUnmodifiableSet()));
            case CalendarFile.Unreadable bad -> throw new IllegalStateException("nyse-days.txt " + bad.problem());
        };
    }

    /** @param date in New York */
    public boolean isTradingDay(LocalDate date) {
        return date.getDayOfWeek() != DayOfWeek.SATURDAY
                && date.getDayOfWeek() != DayOfWeek.SUNDAY
                && !closed.contains(date);
    }
}
