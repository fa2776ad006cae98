package kr.kisgateway.market;

import java.time.LocalDate;
import java.util.OptionalLong;

/**
 * Open, high, low, close and volume of one instrument in one period (봉): a minute, several of them, a day, week, month
 * or year. A period without trades has no bar. Prices are whole won, quantities shares.
 *
 * @param date the trading day; of a week, month or year its first calendar day
 * @param ts start of the period, epoch seconds; of a day and longer midnight in Seoul
 * @param open first price
 * @param high highest price
 * @param low lowest price
 * @param close last price, preliminary while the period is not over
 * @param volume shares traded in the period
 * @param turnover won traded in the period, where the source has it
 */
public record Bar(
        LocalDate date, long ts, long open, long high, long low, long close, long volume, OptionalLong turnover) {
    /** A bar of a day, or of a longer period that begins on {@code date}. */
    public static Bar ofDay(
            LocalDate date, long open, long high, long low, long close, long volume, OptionalLong turnover) {
        return new Bar(date, midnight(date), open, high, low, close, volume, turnover);
    }

    /** Midnight in Seoul at which {@code date} begins, epoch seconds. */
    public static long midnight(LocalDate date) {
        return date.atStartOfDay(TradingCalendar.SEOUL).toEpochSecond();
    }
}
