package kr.kisgateway.market;

/**
 * The prices between which a day's orders must be, both included and both on tick.
 *
 * @param base the base price (기준가) in won from which they were calculated; it may be off the tick table
 * @param lower lowest price (하한가, KIS {@code stck_llam}) in won
 * @param upper highest price (상한가, KIS {@code stck_mxpr}) in won
 */
public record PriceLimits(long base, long lower, long upper) {
    public PriceLimits {
        if (lower < 1 || upper < lower) {
            throw new IllegalArgumentException("no price lies between " + lower + " and " + upper);
        }
    }

    /** Whether an order at {@code price} is within the limits. */
    public boolean contains(long price) {
        return lower <= price && price <= upper;
    }

    /** {@code price}, or the limit that it exceeds. */
    public long clamp(long price) {
        return Math.clamp(price, lower, upper);
    }
}
