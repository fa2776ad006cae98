package kr.kisgateway.market;

import java.time.LocalTime;
import java.time.ZoneId;

/**
 * A market: its instruments trade by one calendar, in one currency, by one set of rules.
 *
 * @param id short name, as the API and the log write it
 * @param currency of all its prices, which are whole units of it ({@link Currency#decimals})
 * @param zone time zone of its clock and dates
 * @param closesAt when its regular session usually ends, by that clock
 */
public record Market(String id, Currency currency, ZoneId zone, LocalTime closesAt) {
    /** Korea: the exchange KRX and the trading system NXT. */
    public static final Market KOREA = new Market("kr", Currency.KRW, TradingCalendar.SEOUL, LocalTime.of(15, 30));
    /** The exchanges of the US. */
    public static final Market US = new Market("us", Currency.USD, UsHours.NEW_YORK, LocalTime.of(16, 0));

    /** Name of a cache of {@code data} of this market in metrics and the log: {@code book}, {@code us_book}. */
    public String cacheName(String data) {
        return equals(KOREA) ? data : id + "_" + data;
    }
}
