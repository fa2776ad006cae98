package kr.kisgateway.market;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Trading days of New York and their hours. Listed to the end of 2028; after that every weekday counts as a trading
 * day, and before 2024 every weekday, too.
 */
public final class NyseDays {
    /** The first day whose holidays are listed. */
    static final LocalDate FIRST_COVERED_DAY = LocalDate.of(2024, 1, 1);

    private static final SessionTimes USUAL = new SessionTimes(LocalTime.of(9, 30), LocalTime.of(16, 0));

    private final Map<LocalDate, CalendarDay> days;

    private NyseDays(Map<LocalDate, CalendarDay> days) {
        this.days = days;
    }

    /** The module's own days. */
    public static NyseDays load() {
        return switch (CalendarFile.parse(Csv.text("nyse-days.txt"))) {
            case CalendarFile.Days(var days) ->
                new NyseDays(
                        days.stream().collect(Collectors.toUnmodifiableMap(CalendarDay::date, Function.identity())));
            case CalendarFile.Unreadable bad -> throw new IllegalStateException("nyse-days.txt " + bad.problem());
        };
    }

    /** @param date in New York */
    public boolean isTradingDay(LocalDate date) {
        return date.getDayOfWeek() != DayOfWeek.SATURDAY
                && date.getDayOfWeek() != DayOfWeek.SUNDAY
                && !(days.get(date) instanceof CalendarDay.Closed);
    }

    /** Reason why New York is closed on {@code date}; empty on trading days and ordinary weekends. */
    public Optional<String> holidayName(LocalDate date) {
        return days.get(date) instanceof CalendarDay.Closed closed ? Optional.of(closed.reason()) : Optional.empty();
    }

    /** The regular session of a trading day by New York's clock: some close at 13:00. */
    public SessionTimes regular(LocalDate date) {
        return days.get(date) instanceof CalendarDay.Moved moved ? moved.times() : USUAL;
    }
}
