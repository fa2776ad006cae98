package kr.kisgateway.simulator.catalog;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Instrument;

/** The current market as the answers read it. Reading does not change it. */
public interface MarketView {
    /** The current business date (영업일). */
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

    /** Whether chk-holiday shows {@code date} as open: by the exchange's own calendar; today by the clock option. */
    boolean isOpenDay(LocalDate date);

    /** Whether there was trading on a day before today. */
    boolean wasTradingDay(LocalDate date);

    /** The current minute in Korea, 0 to 1439. */
    int minute();

    /** The second of the current minute, 0 to 59. */
    int second();

    /** Whether the trades of a minute of today are the single trade of an auction that ends then. */
    boolean isAuction(int minute);

    /** The last minute of a day that charts can show: where there are sessions, the end of the regular one. */
    int lastMinute();

    /** The same market by FID_COND_MRKT_DIV_CODE: KRX, NXT or both together. */
    MarketView forDivision(String division);

    /** Every listed instrument. To {@link #find} each of them wakes all stocks, which takes some hundred milliseconds once. */
    List<Instrument> listing();

    /** A listed domestic stock; empty for every other code. */
    Optional<KrxListedStock> find(String code);

    /** A listed US stock, prices in ten-thousandths of a dollar and turnover in dollars; empty where none is traded. */
    default Optional<ListedStock> findUs(String ticker) {
        return Optional.empty();
    }
}
