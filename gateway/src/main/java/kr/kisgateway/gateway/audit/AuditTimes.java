package kr.kisgateway.gateway.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Optional;
import kr.kisgateway.market.TradingCalendar;

/** Times of searches. */
public final class AuditTimes {
    private AuditTimes() {}

    /**
     * The instant that {@code text} names: a day in Seoul, or a time with offset.
     *
     * @param daysAfter added to a day
     */
    public static Optional<Instant> parse(String text, int daysAfter) {
        try {
            return Optional.of(
                    text.length() == 10
                            ? LocalDate.parse(text)
                                    .plusDays(daysAfter)
                                    .atStartOfDay(TradingCalendar.SEOUL)
                                    .toInstant()
                            // A plus that was not encoded arrives as a blank.
                            : OffsetDateTime.parse(text.replace(' ', '+')).toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
