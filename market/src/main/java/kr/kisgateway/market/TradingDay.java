package kr.kisgateway.market;

import java.time.LocalDate;

/**
 * A trading day of a market. The same date is another day in each market: that of New York ends in Seoul's next morning.
 *
 * @param date by the calendar of the market
 */
public record TradingDay(Market market, LocalDate date) {
    /** A day of the Korean market. */
    public static TradingDay korean(LocalDate date) {
        return new TradingDay(Market.KOREA, date);
    }

    /** Whether this day comes before another of the same market; days of two markets have no order. */
    public boolean isBefore(TradingDay other) {
        return market.equals(other.market) && date.isBefore(other.date);
    }

    /** The date, with the market unless it is Korea's. */
    @Override
    public String toString() {
        return market.equals(Market.KOREA) ? date.toString() : date + " (" + market.id() + ")";
    }

    // Written by hand because days are the keys of every look-up of an order by its number.
    @Override
    public int hashCode() {
        return 31 * date.hashCode() + market.id().hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TradingDay day && date.equals(day.date) && market.equals(day.market);
    }
}
