package kr.kisgateway.gateway.json;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.TradingCalendar;

/** Values in the form in which records of the API carry them. */
public final class ApiValues {
    /** What a text that is no time is refused with, after the name of its field. */
    public static final String TIME_FORM = "must be a time with offset, as 2026-11-23T08:30:00+09:00";

    private ApiValues() {}

    /** The time in a text, which has its offset; empty when it is none. */
    public static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    /** {@code at} in Seoul's time. */
    public static OffsetDateTime time(Instant at) {
        return at.atZone(TradingCalendar.SEOUL).toOffsetDateTime();
    }

    /** {@code at} in Seoul's time, without what is finer than a millisecond. */
    public static OffsetDateTime timeMillis(Instant at) {
        return time(at.truncatedTo(ChronoUnit.MILLIS));
    }

    /** {@code at} in Seoul's time to the second, as text for people. */
    public static String timeText(Instant at) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time(at.truncatedTo(ChronoUnit.SECONDS)));
    }

    /** An amount in units of {@code currency}: exact, without trailing zeros. */
    public static BigDecimal amount(Currency currency, long units) {
        return Dollars.plain(BigDecimal.valueOf(units, currency.decimals()));
    }

    /** {@code thousandths} as a decimal without trailing zeros: 1500 is 1.5. */
    public static BigDecimal thousandths(long thousandths) {
        return BigDecimal.valueOf(thousandths, 3).stripTrailingZeros();
    }
}
