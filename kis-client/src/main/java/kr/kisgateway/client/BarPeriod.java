package kr.kisgateway.client;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;

/** What one bar of a chart of days or longer covers. */
public enum BarPeriod {
    DAY("D", "0"),
    /** Monday to Sunday. */
    WEEK("W", "1"),
    MONTH("M", "2"),
    YEAR("Y", "");

    private final String code;
    private final String overseasCode;

    BarPeriod(String code, String overseasCode) {
        this.code = code;
        this.overseasCode = overseasCode;
    }

    String code() {
        return code;
    }

    /** {@code GUBN}; empty where overseas charts have no such bar. */
    String overseasCode() {
        return overseasCode;
    }

    /** The last day before the bar in which {@code day} lies. */
    LocalDate before(LocalDate day) {
        LocalDate first = switch (this) {
            case DAY -> day;
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1);
            case YEAR -> day.withDayOfYear(1);
        };
        return first.minusDays(1);
    }
}
