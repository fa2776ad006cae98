package kr.kisgateway.client.source;

import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import kr.kisgateway.market.TradingCalendar;

/** The time of a value. */
public sealed interface AsOf {
    /** A current value, observed at this instant. */
    record Now(Instant at) implements AsOf {
        @Override
        public String text() {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at.atZone(TradingCalendar.SEOUL));
        }
    }

    /** The published figures of a complete past day: its close, not a current price. */
    record PublishedDay(LocalDate day) implements AsOf {
        @Override
        public String text() {
            return day.toString();
        }
    }

    /** ISO time with Seoul's offset, or the ISO date of a published day: the two cannot be confused. */
    String text();
}
