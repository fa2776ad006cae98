package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.market.Bar;

/**
 * What is known of one symbol's days (or weeks, or months): stretches of time of which every bar is known, so that a day
 * without a bar in one is a day without a trade. Immutable.
 *
 * @param stretches oldest first; they neither touch nor overlap
 */
public record Series(List<Stretch> stretches) {
    /** Nothing is known. */
    static final Series NOTHING = new Series(List.of());

    /**
     * A stretch of which every bar is known.
     *
     * @param from first day that is known; {@link LocalDate#MIN} when there is nothing before
     * @param to last day that is known
     * @param bars all of them, oldest first
     */
    public record Stretch(LocalDate from, LocalDate to, List<Bar> bars) {
        public Stretch {
            bars = List.copyOf(bars);
        }

        boolean has(LocalDate day) {
            return !day.isBefore(from) && !day.isAfter(to);
        }

        /** How many bars are dated {@code day} or before. */
        int upTo(LocalDate day) {
            int low = 0;
            int high = bars.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (bars.get(middle).date().isAfter(day)) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        }

        private boolean touches(Stretch other) {
            return !from.isAfter(dayAfter(other.to)) && !other.from.isAfter(dayAfter(to));
        }

        private static LocalDate dayAfter(LocalDate day) {
            return day.equals(LocalDate.MAX) ? day : day.plusDays(1);
        }
    }

    public Series {
        stretches = List.copyOf(stretches);
    }

    Optional<Stretch> at(LocalDate day) {
        return stretches.stream().filter(stretch -> stretch.has(day)).findFirst();
    }

    /** The last known day before {@code day}, which is not known itself. */
    Optional<LocalDate> knownBefore(LocalDate day) {
        return stretches.stream()
                .map(Stretch::to)
                .filter(to -> to.isBefore(day))
                .max(Comparator.naturalOrder());
    }

    int size() {
        return stretches.stream().mapToInt(stretch -> stretch.bars().size()).sum();
    }

    /** This with {@code added}, whose bars win where both have one. */
    Series with(Stretch added) {
        var others = new ArrayList<Stretch>();
        var bars = new TreeMap<LocalDate, Bar>();
        LocalDate from = added.from();
        LocalDate to = added.to();
        for (Stretch stretch : stretches) {
            if (stretch.touches(added)) {
                stretch.bars().forEach(bar -> bars.put(bar.date(), bar));
                from = stretch.from().isBefore(from) ? stretch.from() : from;
                to = stretch.to().isAfter(to) ? stretch.to() : to;
            } else {
                others.add(stretch);
            }
        }
        added.bars().forEach(bar -> bars.put(bar.date(), bar));
        others.add(new Stretch(from, to, List.copyOf(bars.values())));
        others.sort(Comparator.comparing(Stretch::from));
        return new Series(others);
    }
}
