package kr.kisgateway.market;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Set;

/** Trading days and sessions of any market. Implementations are pure: the same instant always has the same result. */
public interface MarketCalendar {
    /** No market is closed for so many days. */
    int LONGEST_CLOSURE = 30;

    /** The time zone of the market's clock and dates. */
    ZoneId zone();

    /** The session at {@code now}. */
    MarketSession session(Instant now);

    /** The business date of an order accepted at {@code now}. */
    LocalDate tradingDay(Instant now);

    /** Whether {@code date} is a trading day. */
    boolean isTradingDay(LocalDate date);

    /** The first instant at which an order of {@code tradingDay} may be accepted. */
    default Instant startOf(LocalDate tradingDay) {
        return tradingDay.atStartOfDay(TradingCalendar.SEOUL).toInstant();
    }

    /** The first instant at which orders of {@code tradingDay} can no longer rest. */
    Instant endOf(LocalDate tradingDay);

    /** The calendar of the market's exchange itself: sessions that are simulated may be at other times, and on other days. */
    default MarketCalendar exchange() {
        return this;
    }

    /** Trading days from a trade to its settlement (결제). */
    default int settlementDays() {
        return 2;
    }

    /** The day on which shares and money of a trade of {@code tradingDay} move. */
    default LocalDate settlementDay(LocalDate tradingDay) {
        return tradingDayAfter(tradingDay, settlementDays());
    }

    /** The trading day that is {@code count} trading days after {@code date}. */
    default LocalDate tradingDayAfter(LocalDate date, int count) {
        return date.plusDays(1)
                .datesUntil(date.plusDays(LONGEST_CLOSURE))
                .filter(this::isTradingDay)
                .skip(count - 1L)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no trading days after " + date));
    }

    /** The first day whose holidays are known; before it any weekday may have been a trading day. */
    default LocalDate firstCoveredDay() {
        return LocalDate.MIN;
    }

    /** The price series that its sessions have. */
    default Set<PriceSeries> series() {
        return Set.of(PriceSeries.MAIN);
    }

    /** Whether both moments are in the same session of the same trading day. */
    default boolean isSameSession(Instant one, Instant other) {
        return session(one) == session(other) && tradingDay(one).equals(tradingDay(other));
    }
}
