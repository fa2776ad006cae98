package kr.kisgateway.gateway.bar;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import kr.kisgateway.market.BarPeriod;

/**
 * A bar of a symbol, built from trades as they arrive, in whole units of its currency (won, ten-thousandths of a dollar) and
 * shares.
 *
 * @param minute when it begins: minutes of its exchange's wall clock since 1970
 * @param open first price
 * @param high highest price
 * @param low lowest price
 * @param close last price, so far where the bar is not final
 * @param volume shares traded
 * @param turnover traded amount, in the same units as prices
 * @param complete whether no trade of it is missing
 * @param closed whether its time is over
 * @param corrected whether it was already published as closed
 */
public record LiveBar(
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
    /** The minute of a wall-clock time. */
    public static long minute(LocalDateTime exchangeTime) {
        return Math.floorDiv(exchangeTime.toEpochSecond(ZoneOffset.UTC), 60);
    }

    /** First minute of the bar of {@code period}, a period of minutes, that contains {@code minute}. */
    static long begin(BarPeriod period, long minute) {
        return minute - Math.floorMod(minute, period.minutes());
    }

    /** The wall-clock time of a minute. */
    public static LocalDateTime time(long minute) {
        return LocalDateTime.ofEpochSecond(minute * 60, 0, ZoneOffset.UTC);
    }

    /** Start in epoch seconds. Nothing trades in the hour that a clock shows twice. */
    public long epochSecond(ZoneId zone) {
        return time(minute).atZone(zone).toEpochSecond();
    }
}
