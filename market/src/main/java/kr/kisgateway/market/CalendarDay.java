package kr.kisgateway.market;

import java.time.LocalDate;

/** A day on which the exchange does something else than on the usual days of its kind. */
public sealed interface CalendarDay {
    LocalDate date();

    /** Why, in words for people; may be empty. */
    String reason();

    /** No trading. */
    record Closed(LocalDate date, String reason) implements CalendarDay {}

    /** Trading at the usual times, although the day would else be closed (a holiday lifted, a Saturday). */
    record Usual(LocalDate date, String reason) implements CalendarDay {}

    /** Trading at other times than usual (delayed opening, examination day). */
    record Moved(LocalDate date, SessionTimes times, String reason) implements CalendarDay {}
}
