package kr.kisgateway.simulator.broker;

import java.math.BigDecimal;

/**
 * What an account has in America, in ten-thousandths of a dollar.
 *
 * @param cost of the shares that it holds
 * @param value of them now
 * @param cash with what is still to be settled
 * @param reserved of it for open orders
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
