package kr.kisgateway.simulator.account;

import java.math.BigInteger;

/** The cost of shares that leave a holding. */
public final class CostBasis {
    private CostBasis() {}

    /**
     * The part of a holding's cost that belongs to the sold shares, at their average cost, rounded down: the rounding stays with
     * the remaining shares and goes with the last one.
     *
     * @param cost of all shares, in units of the currency
     * @param sold at most {@code shares}
     * @param shares of the holding, above 0
     */
    public static long ofSold(long cost, long sold, long shares) {
        return BigInteger.valueOf(cost)
                .multiply(BigInteger.valueOf(sold))
                .divide(BigInteger.valueOf(shares))
                .longValueExact();
    }
}
