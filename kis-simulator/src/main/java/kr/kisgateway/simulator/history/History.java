package kr.kisgateway.simulator.history;

import java.time.LocalDate;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import kr.kisgateway.simulator.exchange.Minutes;

/** The days of one product up to the one before today, oldest first, and the minutes of each. Immutable. */
public final class History {
    /** The period of a chart's row. */
    public enum Period {
        DAY,
        WEEK,
        MONTH,
        YEAR;

        /** A number that is equal for all days of one period. */
        private long number(LocalDate date) {
            return switch (this) {
                case DAY -> date.toEpochDay();
                // The epoch was a Thursday: weeks begin on Mondays.
                case WEEK -> Math.floorDiv(date.toEpochDay() + 3, 7);
                case MONTH -> date.getYear() * 12L + date.getMonthValue();
                case YEAR -> date.getYear();
            };
        }
    }

    private final long seed;
    private final HistoryProduct product;
    private final DailyBars seeded;
    private final List<DailyBar> recorded;
    private final Function<LocalDate, Optional<List<Minutes.Bar>>> storedMinutes;
    private final Sessions sessions;

    History(
            long seed,
            HistoryProduct product,
            DailyBars seeded,
            List<DailyBar> recorded,
            Function<LocalDate, Optional<List<Minutes.Bar>>> storedMinutes,
            Sessions sessions) {
        this.seed = seed;
        this.product = product;
        this.seeded = seeded;
        this.recorded = List.copyOf(recorded);
        this.storedMinutes = storedMinutes;
        this.sessions = sessions;
    }

    public int size() {
        return seeded.size() + recorded.size();
    }

    /** @param index 0 for the oldest */
    public DailyBar bar(int index) {
        return index < seeded.size() ? seeded.bar(index) : recorded.get(index - seeded.size());
    }

    /** The number of days up to {@code date}, it included. */
    public int upTo(LocalDate date) {
        int count = seeded.upTo(date);
        for (DailyBar bar : recorded) {
            if (bar.date().isAfter(date)) {
                break;
            }
            count++;
        }
        return count;
    }

    /**
     * The last bars up to {@code date}, newest first; a bar of a week and longer has all of its days and is dated by
     * its first one.
     *
     * @param today today's bar so far, the newest of all; none when today is no trading day
     * @param from bars dated before it are left out
     * @param max at least 1
     */
    public List<DailyBar> newest(Period period, LocalDate from, LocalDate date, List<DailyBar> today, int max) {
        List<DailyBar> all = new AbstractList<>() {
            @Override
            public DailyBar get(int index) {
                return at(index, today);
            }

            @Override
            public int size() {
                return History.this.size() + today.size();
            }
        };
        return newest(all, period, from, date, max);
    }

    /** The last bars of any days, given oldest first. */
    public static List<DailyBar> newest(List<DailyBar> days, Period period, LocalDate from, LocalDate date, int max) {
        List<DailyBar> bars = new ArrayList<>();
        int next = lastUpTo(days, date);
        while (next >= 0
                && next + 1 < days.size()
                && period.number(days.get(next + 1).date())
                        == period.number(days.get(next).date())) {
            next++;
        }
        while (next >= 0 && bars.size() < max) {
            long number = period.number(days.get(next).date());
            int first = next;
            while (first > 0 && period.number(days.get(first - 1).date()) == number) {
                first--;
            }
            DailyBar merged = days.get(first);
            for (int i = first + 1; i <= next; i++) {
                merged = merged.mergedWith(days.get(i));
            }
            if (merged.date().isBefore(from)) {
                break;
            }
            bars.add(merged);
            next = first - 1;
        }
        return bars;
    }

    /** The index of the last day that is not after {@code date}; -1 when there is none. */
    private static int lastUpTo(List<DailyBar> days, LocalDate date) {
        int low = 0;
        int high = days.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (days.get(middle).date().isAfter(date)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low - 1;
    }

    private DailyBar at(int index, List<DailyBar> today) {
        return index < size() ? bar(index) : today.get(index - size());
    }

    /** The minutes with trades of one of these days, in order. */
    public List<Minutes.Bar> minutes(DailyBar day) {
        return storedMinutes
                .apply(day.date())
                .orElseGet(() -> MinutePath.of(seed, product.key(), day, sessions.minutes(day.date()), product.grid()));
    }

    /** The minutes of a day including those without trades (허봉), at the price before them. */
    public List<Minutes.Bar> everyMinute(DailyBar day) {
        NavigableMap<Integer, Minutes.Bar> traded = new TreeMap<>();
        minutes(day).forEach(bar -> traded.put(bar.minute(), bar));
        List<Minutes.Bar> all = new ArrayList<>();
        long price = day.base();
        // A market that is always open has trades at other times, too.
        SortedSet<Integer> times = new TreeSet<>(traded.keySet());
        Arrays.stream(sessions.minutes(day.date())).forEach(times::add);
        for (int minute : times) {
            Minutes.Bar bar = traded.getOrDefault(minute, Minutes.Bar.withoutTrades(minute, price));
            all.add(bar);
            price = bar.close();
        }
        return all;
    }
}
