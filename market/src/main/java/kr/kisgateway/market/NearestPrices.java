package kr.kisgateway.market;

/**
 * The two valid prices around a price in won; both equal the price itself when it is valid.
 *
 * @param below the highest valid price that is not above; the lowest valid price when there is none
 * @param above the lowest valid price that is not below
 */
public record NearestPrices(long below, long above) {}
