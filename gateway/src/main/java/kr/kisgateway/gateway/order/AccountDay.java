package kr.kisgateway.gateway.order;

import kr.kisgateway.market.Market;
import kr.kisgateway.market.TradingDay;

/**
 * A trading day of an account: the broker numbers orders, and lists them, by both.
 *
 * @param account its alias
 */
public record AccountDay(String account, TradingDay day) {
    Market market() {
        return day.market();
    }

    /** The day and the account, for people. */
    @Override
    public String toString() {
        return day + " of " + account;
    }

    // Written by hand as that of TradingDay: both are the keys of every look-up of an order by its number.
    @Override
    public int hashCode() {
        return 31 * day.hashCode() + account.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AccountDay it && day.equals(it.day) && account.equals(it.account);
    }
}
