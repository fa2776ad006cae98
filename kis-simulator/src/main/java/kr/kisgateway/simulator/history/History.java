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

/** The days of one thing up to the one before today, the oldest first, and the minutes of each. Immutable. */
public final class History {
    /** What a row of a chart stands for. */
    public enum Period {
        DAY,
        WEEK,
        MONTH,
        YEAR;

        /** A number that is the same for all days of the same one. */
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
    private final Thing thing;
    private final Days seeded;
    private final List<DailyBar> lived;
    private final Function<LocalDate, Optional<List<Minutes.Bar>>> kept;
    private final Sessions sessions;

    History(
            long seed,
            Thing thing,
            Days seeded,
            List<DailyBar> lived,
            Function<LocalDate, Optional<List<Minutes.Bar>>> kept,
            Sessions sessions) {
        this.seed = seed;
        this.thing = thing;
        this.seeded = seeded;
        this.lived = List.copyOf(lived);
        this.kept = kept;
        this.sessions = sessions;
    }

    public int size() {
        return seeded.size() + lived.size();
    }

    /** @param index 0 for the oldest */
    public DailyBar bar(int index) {
        return index < seeded.size() ? seeded.bar(index) : lived.get(index - seeded.size());
    }

    /** How many days there are up to {@code date}, it included. */
    public int upTo(LocalDate date) {
        int count = seeded.upTo(date);
        for (DailyBar bar : lived) {
            if (bar.date().isAfter(date)) {
                break;
            }
            count++;
        }
        return count;
    }

    /**
     * The last bars up to {@code date}, the newest first; a bar of a week and longer has all of its days and is dated by
     * its first one.
     *
     * @param today what there is of today, the newest of all; none when today is no trading day
     * @param from bars dated before it are left out
     * @param most at least 1
     */
    public List<DailyBar> newest(Period period, LocalDate from, LocalDate date, List<DailyBar> today, int most) {
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
        return newest(all, period, from, date, most);
    }

    /** The same of any days, which are the oldest first. */
    public static List<DailyBar> newest(List<DailyBar> days, Period period, LocalDate from, LocalDate date, int most) {
        List<DailyBar> bars = new ArrayList<>();
        int next = lastUpTo(days, date);
        while (next >= 0
                && next + 1 < days.size()
                && period.number(days.get(next + 1).date())
                        == period.number(days.get(next).date())) {
            next++;
        }
        while (next >= 0 && bars.size() < most) {
            long number = period.number(days.get(next).date());
            int first = next;
            while (first > 0 && period.number(days.get(first - 1).date()) == number) {
                first--;
            }
            DailyBar whole = days.get(first);
            for (int i = first + 1; i <= next; i++) {
                whole = whole.with(days.get(i));
            }
            if (whole.date().isBefore(from)) {
                break;
            }
            bars.add(whole);
            next = first - 1;
        }
        return bars;
    }

    /** The place of the last day that is not after {@code date}; -1 when there is none. */
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

    /** The minutes in which there were trades on a day of these, in order. */
    public List<Minutes.Bar> minutes(DailyBar day) {
        return kept.apply(day.date())
                .orElseGet(() -> MinutePath.of(seed, thing.key(), day, sessions.minutes(day.date()), thing.grid()));
    }

    /** The minutes of a day with those in which there were no trades (허봉) at the price before them. */
    public List<Minutes.Bar> everyMinute(DailyBar day) {
        NavigableMap<Integer, Minutes.Bar> traded = new TreeMap<>();
        minutes(day).forEach(bar -> traded.put(bar.minute(), bar));
        List<Minutes.Bar> all = new ArrayList<>();
        long price = day.base();
        // A market that is always open has traded at other times, too.
        SortedSet<Integer> times = new TreeSet<>(traded.keySet());
        Arrays.stream(sessions.minutes(day.date())).forEach(times::add);
        for (int minute : times) {
            Minutes.Bar bar = traded.getOrDefault(minute, new Minutes.Bar(minute, price, price, price, price, 0, 0));
            all.add(bar);
            price = bar.close();
        }
        return all;
    }
}
