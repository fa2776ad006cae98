package kr.kisgateway.market;

import java.time.LocalDate;
import java.util.List;

/**
 * Tick sizes (호가가격단위) by price: {@code ticks[i]} applies below {@code bounds[i]}, the last tick from the last bound on.
 * Each bound is a multiple of the tick above it, so the table's edges are valid prices on both sides.
 *
 * <p>A class with arrays instead of a record with lists: ticks are most of the time that the past of a listing takes.
 */
final class TickSizes {
    /** Since 2023-01-25 one table applies to KOSPI, KOSDAQ and KONEX. */
    private static final List<Dated<TickSizes>> STOCKS = List.of(Dated.from(
            "2023-01-25", new TickSizes(new long[] {2_000, 5_000, 20_000, 50_000, 200_000, 500_000}, new long[] {
                1, 5, 10, 50, 100, 500, 1_000
            })));

    /** The day in December 2023 on which cheap ETFs and ETNs got their 1-won tick is assumed; the month is sourced. */
    private static final List<Dated<TickSizes>> EXCHANGE_TRADED = List.of(
            Dated.from("2023-01-25", new TickSizes(new long[] {}, new long[] {5})),
            Dated.from("2023-12-11", new TickSizes(new long[] {2_000}, new long[] {1, 5})));

    private final long[] bounds;
    private final long[] ticks;

    private TickSizes(long[] bounds, long[] ticks) {
        if (ticks.length != bounds.length + 1) {
            throw new IllegalArgumentException("each bound parts two ticks");
        }
        for (int i = 0; i < bounds.length; i++) {
            if (bounds[i] % ticks[i] != 0 || bounds[i] % ticks[i + 1] != 0) {
                throw new IllegalArgumentException(bounds[i] + " is not a price on both sides of the bound");
            }
        }
        this.bounds = bounds;
        this.ticks = ticks;
    }

    static TickSizes of(Product product, LocalDate date) {
        return switch (product) {
            case STOCK -> Dated.on(date, STOCKS);
            case ETF, ETN -> Dated.on(date, EXCHANGE_TRADED);
        };
    }

    long tickAt(long price) {
        int band = 0;
        while (band < bounds.length && price >= bounds[band]) {
            band++;
        }
        return ticks[band];
    }

    long roundDown(long price) {
        return price - price % tickAt(price);
    }

    long roundUp(long price) {
        long below = roundDown(price);
        return below == price ? price : Math.addExact(below, tickAt(price));
    }
}
