package kr.kisgateway.gateway.parent;

/**
 * The trades of an instrument in a short time, whose order is not known except for the last.
 *
 * @param low lowest price in units of the currency
 * @param high highest price
 * @param last last price
 */
public record PriceRange(long low, long high, long last) {
    /** The range of one trade. */
    public static PriceRange of(long price) {
        return new PriceRange(price, price, price);
    }

    /** The range with a later trade. */
    public PriceRange with(long price) {
        return new PriceRange(Math.min(low, price), Math.max(high, price), price);
    }

    /** The price that is furthest in the direction. */
    long extreme(Start.Direction direction) {
        return direction == Start.Direction.AT_OR_ABOVE ? high : low;
    }
}
