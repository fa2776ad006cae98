package kr.kisgateway.simulator.history;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.Optional;

/** The daily bars of one product, oldest first, in arrays: a bar is created when it is requested. Immutable. */
public final class DailyBars {
    private static final int OPEN = 0;
    private static final int HIGH = 1;
    private static final int LOW = 2;
    private static final int CLOSE = 3;
    private static final int VOLUME = 4;
    private static final int TURNOVER = 5;
    private static final int FIGURES = 6;

    /** Shared by all products of a market: the last {@link #size} days are this product's. */
    private final int[] calendar;

    private final int skipped;
    private final long firstBase;
    private final long[] figures;

    private DailyBars(int[] calendar, int skipped, long firstBase, long[] figures) {
        this.calendar = calendar;
        this.skipped = skipped;
        this.firstBase = firstBase;
        this.figures = figures;
    }

    public int size() {
        return calendar.length - skipped;
    }

    /** @param index 0 for the oldest */
    public DailyBar bar(int index) {
        int at = index * FIGURES;
        return new DailyBar(
                LocalDate.ofEpochDay(calendar[skipped + index]),
                index == 0 ? firstBase : figures[at - FIGURES + CLOSE],
                figures[at + OPEN],
                figures[at + HIGH],
                figures[at + LOW],
                figures[at + CLOSE],
                figures[at + VOLUME],
                figures[at + TURNOVER]);
    }

    /** The number of days up to {@code date}, it included. */
    public int upTo(LocalDate date) {
        long day = date.toEpochDay();
        if (day > Integer.MAX_VALUE) {
            return size();
        }
        int found = Arrays.binarySearch(calendar, skipped, calendar.length, (int) Math.max(day, Integer.MIN_VALUE));
        return (found >= 0 ? found + 1 : -found - 1) - skipped;
    }

    /** The bar of a day; empty when there is none. */
    public Optional<DailyBar> find(LocalDate date) {
        int count = upTo(date);
        return count > 0 && calendar[skipped + count - 1] == date.toEpochDay()
                ? Optional.of(bar(count - 1))
                : Optional.empty();
    }

    /** Collects days from the newest back to the oldest. */
    static final class BackwardBuilder {
        private final int[] calendar;
        private final int skipped;
        private final long[] figures;
        private int at;

        /** @param skipped the days of the calendar before the product's first */
        BackwardBuilder(int[] calendar, int skipped) {
            this.calendar = calendar;
            this.skipped = skipped;
            this.figures = new long[(calendar.length - skipped) * FIGURES];
            this.at = figures.length;
        }

        void add(long open, long high, long low, long close, long volume, long turnover) {
            at -= FIGURES;
            figures[at + OPEN] = open;
            figures[at + HIGH] = high;
            figures[at + LOW] = low;
            figures[at + CLOSE] = close;
            figures[at + VOLUME] = volume;
            figures[at + TURNOVER] = turnover;
        }

        DailyBars build(long firstBase) {
            if (at != 0) {
                throw new IllegalStateException(at / FIGURES + " days were left out");
            }
            return new DailyBars(calendar, skipped, firstBase, figures);
        }
    }
}
