package kr.kisgateway.market;

import java.time.LocalDate;
import java.util.List;

/**
 * Tick sizes (호가가격단위) by price: {@code ticks[i]} applies below {@code bounds[i]}, the last tick from the last bound on.
 * Each bound is a multiple of the tick above it, so the table's edges are valid prices on both sides.
 */
record TickSizes(List<Long> bounds, List<Long> ticks) {
    /** Since 2023-01-25 one table applies to KOSPI, KOSDAQ and KONEX. */
    private static final List<Dated<TickSizes>> STOCKS = List.of(Dated.from(
            "2023-01-25",
            new TickSizes(
                    List.of(2_000L, 5_000L, 20_000L, 50_000L, 200_000L, 500_000L),
                    List.of(1L, 5L, 10L, 50L, 100L, 500L, 1_000L))));

    /** The day in December 2023 on which cheap ETFs and ETNs got their 1-won tick is assumed; the month is sourced. */
    private static final List<Dated<TickSizes>> EXCHANGE_TRADED = List.of(
            Dated.from("2023-01-25", new TickSizes(List.of(), List.of(5L))),
            Dated.from("2023-12-11", new TickSizes(List.of(2_000L), List.of(1L, 5L))));

    TickSizes {
        if (ticks.size() != bounds.size() + 1) {
            throw new IllegalArgumentException("each bound parts two ticks");
        }
        for (int i = 0; i < bounds.size(); i++) {
            if (bounds.get(i) % ticks.get(i) != 0 || bounds.get(i) % ticks.get(i + 1) != 0) {
                throw new IllegalArgumentException(bounds.get(i) + " is not a price on both sides of the bound");
            }
        }
    }

    static TickSizes of(Product product, LocalDate date) {
        return switch (product) {
            case STOCK -> Dated.on(date, STOCKS);
            case ETF, ETN -> Dated.on(date, EXCHANGE_TRADED);
        };
    }

    long tickAt(long price) {
        int band = 0;
        while (band < bounds.size() && price >= bounds.get(band)) {
            band++;
        }
        return ticks.get(band);
    }

    long roundDown(long price) {
        return price - price % tickAt(price);
    }

    long roundUp(long price) {
        long below = roundDown(price);
        return below == price ? price : Math.addExact(below, tickAt(price));
    }
}
