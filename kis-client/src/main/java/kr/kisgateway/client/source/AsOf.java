package kr.kisgateway.client.source;

import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import kr.kisgateway.market.TradingCalendar;

/** From when a value is. */
public sealed interface AsOf {
    /** A present value, seen at this instant. */
    record Now(Instant at) implements AsOf {
        @Override
        public String text() {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at.atZone(TradingCalendar.SEOUL));
        }
    }

    /** The published figures of a whole day that is over: its close, not a present price. */
    record PublishedDay(LocalDate day) implements AsOf {
        @Override
        public String text() {
            return day.toString();
        }
    }

    /** ISO time with Seoul's offset, or the ISO date of a published day: the two cannot be taken for each other. */
    String text();
}
