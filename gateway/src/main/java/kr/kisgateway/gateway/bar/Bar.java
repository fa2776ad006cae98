package kr.kisgateway.gateway.bar;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * One bar of a symbol, in units of its prices and shares.
 *
 * @param minute when it begins: minutes of the Korean wall clock since 1970
 * @param open first price
 * @param high highest price
 * @param low lowest price
 * @param close last price, so far where the bar is not final
 * @param volume shares traded
 * @param turnover won traded
 * @param complete whether no trade of it is missing
 * @param closed whether its time is over
 * @param corrected whether it was told as closed before
 */
public record Bar(
        BarPeriod period,
        long minute,
        long open,
        long high,
        long low,
        long close,
        long volume,
        long turnover,
        boolean complete,
        boolean closed,
        boolean corrected) {
    private static final int SEOUL_AHEAD_SECONDS = 9 * 3_600;

    /** The minute of a Korean wall-clock time. */
    public static long minute(LocalDateTime seoul) {
        return Math.floorDiv(seoul.toEpochSecond(ZoneOffset.UTC), 60);
    }

    /** The Korean wall-clock time of a minute. */
    public static LocalDateTime time(long minute) {
        return LocalDateTime.ofEpochSecond(minute * 60, 0, ZoneOffset.UTC);
    }

    /** When it begins, in epoch seconds. Korea has no summer time. */
    public long epochSecond() {
        return minute * 60 - SEOUL_AHEAD_SECONDS;
    }
}
