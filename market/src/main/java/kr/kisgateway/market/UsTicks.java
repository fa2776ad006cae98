package kr.kisgateway.market;

/** The ticks of US stocks: a cent from a dollar on, a hundredth of a cent below. Prices in ten-thousandths of a dollar. */
public final class UsTicks {
    private static final long DOLLAR = 10_000;
    private static final long CENT = 100;

    private UsTicks() {}

    /** The tick in force at {@code price}. */
    public static long tick(long price) {
        return price < DOLLAR ? 1 : CENT;
    }

    public static boolean isOnTick(long price) {
        return price > 0 && price % tick(price) == 0;
    }

    /** The next valid price above {@code price}. */
    public static long nextUp(long price) {
        return snapDown(price) + tick(price);
    }

    /** The next valid price below {@code price}; 0 when there is none. */
    public static long nextDown(long price) {
        long below = price - 1;
        return below <= 0 ? 0 : snapDown(below);
    }

    /** The highest valid price that is not above {@code price}; the lowest valid one where there is none. */
    public static long snapDown(long price) {
        return Math.max(1, price - price % tick(price));
    }
}
