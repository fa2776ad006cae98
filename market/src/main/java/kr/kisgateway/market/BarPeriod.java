package kr.kisgateway.market;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The period of one {@link Bar}. Periods of minutes begin at multiples of the exchange's clock, which is also where the
 * session begins: the exchange opens on a full hour. Weeks go from Monday to Sunday.
 */
public enum BarPeriod {
    M1("1m", 1),
    M3("3m", 3),
    M5("5m", 5),
    M10("10m", 10),
    M30("30m", 30),
    M60("60m", 60),
    DAY("D", 0),
    WEEK("W", 0),
    MONTH("M", 0),
    YEAR("Y", 0);

    private final String wireName;
    private final int minutes;

    BarPeriod(String wireName, int minutes) {
        this.wireName = wireName;
        this.minutes = minutes;
    }

    /** The name in the API: {@code 1m}, {@code D}. Case-sensitive: {@code 1m} is a minute, {@code M} a month. */
    public String wireName() {
        return wireName;
    }

    public static Optional<BarPeriod> of(String wireName) {
        return Arrays.stream(values())
                .filter(period -> period.wireName.equals(wireName))
                .findFirst();
    }

    /** All names. */
    public static List<String> wireNames() {
        return Arrays.stream(values()).map(BarPeriod::wireName).toList();
    }

    /** Whether a bar covers less than a day. */
    public boolean isIntraday() {
        return minutes > 0;
    }

    /** Minutes that a bar covers; 0 for days and longer. */
    public int minutes() {
        return minutes;
    }

    /** The start of the period that contains {@code at}, by the clock of the exchange. */
    public LocalDateTime begin(LocalDateTime at) {
        if (isIntraday()) {
            int minute = at.getHour() * 60 + at.getMinute();
            return at.toLocalDate().atStartOfDay().plusMinutes(minute - minute % minutes);
        }
        return first(at.toLocalDate()).atStartOfDay();
    }

    /** The first calendar day of the period that contains {@code day}. */
    public LocalDate first(LocalDate day) {
        return switch (this) {
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1);
            case YEAR -> day.withDayOfYear(1);
            case DAY, M1, M3, M5, M10, M30, M60 -> day;
        };
    }

    /** The last calendar day of the period that contains {@code day}. */
    public LocalDate last(LocalDate day) {
        LocalDate first = first(day);
        return switch (this) {
            case WEEK -> first.plusDays(6);
            case MONTH -> first.plusMonths(1).minusDays(1);
            case YEAR -> first.plusYears(1).minusDays(1);
            case DAY, M1, M3, M5, M10, M30, M60 -> day;
        };
    }
}
