package kr.kisgateway.market;

import java.time.LocalDate;

/** A day on which the exchange's hours differ from those of its kind. */
public sealed interface CalendarDay {
    LocalDate date();

    /** The reason, as text; may be empty. */
    String reason();

    /** No trading. */
    record Closed(LocalDate date, String reason) implements CalendarDay {}

    /** Trading at the usual times on a day that would be closed otherwise (a holiday lifted, a Saturday). */
    record Usual(LocalDate date, String reason) implements CalendarDay {}

    /** Trading at other times than usual (delayed opening, examination day). */
    record Moved(LocalDate date, SessionTimes times, String reason) implements CalendarDay {}
}
