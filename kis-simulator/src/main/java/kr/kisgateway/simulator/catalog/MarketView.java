package kr.kisgateway.simulator.catalog;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Instrument;

/** What answers may look at: the market as it stands, never changed by being looked at. */
public interface MarketView {
    /** The business date (영업일) of now. */
    LocalDate day();

    boolean isTradingDay(LocalDate date);

    /** The trading day before {@code date}, which is today or earlier. */
    default LocalDate tradingDayBefore(LocalDate date) {
        LocalDate day = date.minusDays(1);
        while (!wasTradingDay(day)) {
            day = day.minusDays(1);
        }
        return day;
    }

    /** Whether chk-holiday shows {@code date} as open: the exchange's own calendar, and today whatever the clock makes of it. */
    boolean isOpenDay(LocalDate date);

    /** Whether there was trading on a day before today. */
    boolean wasTradingDay(LocalDate date);

    /** The minute of now in Korea, 0 to 1439. */
    int minute();

    /** The second of that minute, 0 to 59. */
    int second();

    /** Whether what trades in a minute of today is the one trade of an auction that ends then. */
    boolean isAuction(int minute);

    /** The last minute of a day that charts can show: where there are sessions, that of the regular one's end. */
    int lastMinute();

    /** The same market looked at as FID_COND_MRKT_DIV_CODE says: KRX, NXT or both together. */
    MarketView forDivision(String division);

    /** Every listed instrument. To {@link #find} each of them brings all to life, which takes some hundred milliseconds once. */
    List<Instrument> listing();

    /** A listed domestic stock; empty for every other code. */
    Optional<KrxListedStock> find(String code);

    /** A listed US stock, prices in ten-thousandths of a dollar and turnover in dollars; empty where none is traded. */
    default Optional<ListedStock> findUs(String ticker) {
        return Optional.empty();
    }
}
