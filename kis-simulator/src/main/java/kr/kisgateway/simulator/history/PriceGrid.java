package kr.kisgateway.simulator.history;

import java.time.LocalDate;

/** The valid prices of a product; in whole units, whatever the unit of the market is. */
public interface PriceGrid {
    /** The highest valid price that is not above {@code price}, or the lowest valid price when there is none. */
    long down(long price, LocalDate date);

    /** The lowest valid price above {@code price}. */
    long next(long price, LocalDate date);

    /** The lower price limit of a day that begins at {@code base}; 1 where there is none. */
    default long lowest(long base, LocalDate date) {
        return 1;
    }

    /** The upper price limit of a day that begins at {@code base}; {@link Long#MAX_VALUE} where there is none. */
    default long highest(long base, LocalDate date) {
        return Long.MAX_VALUE;
    }
}
