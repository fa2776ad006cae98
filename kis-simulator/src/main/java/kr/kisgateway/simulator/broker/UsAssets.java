package kr.kisgateway.simulator.broker;

import java.math.BigDecimal;

/**
 * US assets of an account, in ten-thousandths of a dollar.
 *
 * @param cost of its shares
 * @param value of its shares now
 * @param cash including unsettled cash
 * @param reserved cash for open orders
 * @param spendable now
 */
record UsAssets(long cost, long value, long cash, long reserved, long spendable, BigDecimal wonPerDollar) {
    long costInWon() {
        return UsAccountAnswers.inWon(cost, wonPerDollar);
    }

    long valueInWon() {
        return UsAccountAnswers.inWon(value, wonPerDollar);
    }

    long cashInWon() {
        return UsAccountAnswers.inWon(cash, wonPerDollar);
    }

    /** Shares and cash together, as the present balance sums them up. */
    long assetsInWon() {
        return UsAccountAnswers.inWon(value + cash, wonPerDollar);
    }
}
