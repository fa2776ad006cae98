package kr.kisgateway.market;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.OptionalLong;

/**
 * Open, high, low, close and volume of one instrument of any market in one period (봉): a minute, several of them, a day,
 * week, month or year. A period without trades has no bar. Prices are units of the market's currency (whole won,
 * ten-thousandths of a dollar), quantities shares, dates those of the market's clock.
 *
 * @param date the trading day; of a week, month or year its first calendar day
 * @param ts start of the period, epoch seconds; of a day and longer midnight by the market's clock
 * @param open first price
 * @param high highest price
 * @param low lowest price
 * @param close last price, preliminary while the period is not over
 * @param volume shares traded in the period
 * @param turnover amount traded in the period, in the units of prices, where the source has it
 */
public record Bar(
        LocalDate date, long ts, long open, long high, long low, long close, long volume, OptionalLong turnover) {
    /** A bar that begins at {@code begin} by the clock of {@code zone}. */
    public static Bar of(
            LocalDateTime begin,
            ZoneId zone,
            long open,
            long high,
            long low,
            long close,
            long volume,
            OptionalLong turnover) {
        return new Bar(
                begin.toLocalDate(), begin.atZone(zone).toEpochSecond(), open, high, low, close, volume, turnover);
    }

    /** A bar of a day, or of a longer period that begins on {@code date}. */
    public static Bar ofDay(
            LocalDate date,
            ZoneId zone,
            long open,
            long high,
            long low,
            long close,
            long volume,
            OptionalLong turnover) {
        return new Bar(date, midnight(date, zone), open, high, low, close, volume, turnover);
    }

    /** When it begins by the clock of {@code zone}. */
    public LocalDateTime begin(ZoneId zone) {
        return LocalDateTime.ofInstant(Instant.ofEpochSecond(ts), zone);
    }

    /** Midnight in {@code zone} at which {@code date} begins, epoch seconds. */
    public static long midnight(LocalDate date, ZoneId zone) {
        return date.atStartOfDay(zone).toEpochSecond();
    }
}
