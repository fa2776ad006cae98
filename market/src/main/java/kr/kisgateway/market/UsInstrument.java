package kr.kisgateway.market;

import java.time.LocalDate;
import java.util.Optional;

/**
 * One US stock or fund as the listing describes it.
 *
 * @param product whether it is a stock or a fund
 * @param name English name
 * @param close last close in ten-thousandths of a dollar, unrounded: it may be between two ticks
 * @param closeDate the New York day of {@code close} and {@code volume}
 * @param volume shares traded that day
 * @param marketValue in whole dollars
 */
public record UsInstrument(
        UsSymbol symbol,
        Product product,
        String name,
        long close,
        LocalDate closeDate,
        long volume,
        long marketValue,
        Optional<String> sector,
        Optional<String> country) {
    /** Shares outstanding, calculated from the market value, truncated. */
    public long listedShares() {
        return Math.multiplyExact(marketValue, 10_000) / close;
    }
}
