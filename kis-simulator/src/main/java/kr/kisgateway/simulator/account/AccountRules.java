package kr.kisgateway.simulator.account;

import kr.kisgateway.market.Market;

/** The rules of a market's accounts. */
public interface AccountRules {
    Market market();

    /** The cash of a new account. */
    long openingCash();

    /** Trading days from a trade to its settlement: 1 or 2. */
    int settlementDays();

    /** Trading days for which a holding that was sold out stays listed. */
    int daysListedAtZero();

    /** The commission on the amount of an order. */
    long commission(long amount);
}
