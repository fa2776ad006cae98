package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.market.Bar;

/**
 * Stored days (or weeks, or months) of one symbol: completely stored segments of time, so that a day without a bar in one is
 * a day without a trade. Immutable.
 *
 * @param segments oldest first; they neither touch nor overlap
 */
public record Series(List<Segment> segments) {
    /** An empty series. */
    static final Series EMPTY = new Series(List.of());

    /**
     * A completely stored segment.
     *
     * @param from first day covered; {@link LocalDate#MIN} when there is nothing before
     * @param to last day covered
     * @param bars all of them, oldest first
     */
    public record Segment(LocalDate from, LocalDate to, List<Bar> bars) {
        public Segment {
            bars = List.copyOf(bars);
        }

        boolean covers(LocalDate day) {
            return !day.isBefore(from) && !day.isAfter(to);
        }

        /** Number of bars dated {@code day} or before. */
        int countUntil(LocalDate day) {
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

        private boolean adjoins(Segment other) {
            return !from.isAfter(dayAfter(other.to)) && !other.from.isAfter(dayAfter(to));
        }

        private static LocalDate dayAfter(LocalDate day) {
            return day.equals(LocalDate.MAX) ? day : day.plusDays(1);
        }
    }

    public Series {
        segments = List.copyOf(segments);
    }

    Optional<Segment> segmentAt(LocalDate day) {
        return segments.stream().filter(segment -> segment.covers(day)).findFirst();
    }

    /** The last covered day before {@code day}, which is not covered itself. */
    Optional<LocalDate> lastCoveredBefore(LocalDate day) {
        return segments.stream().map(Segment::to).filter(to -> to.isBefore(day)).max(Comparator.naturalOrder());
    }

    int size() {
        return segments.stream().mapToInt(segment -> segment.bars().size()).sum();
    }

    /** This series with {@code added}, whose bars win where both have one. */
    Series with(Segment added) {
        var others = new ArrayList<Segment>();
        var bars = new TreeMap<LocalDate, Bar>();
        LocalDate from = added.from();
        LocalDate to = added.to();
        for (Segment segment : segments) {
            if (segment.adjoins(added)) {
                segment.bars().forEach(bar -> bars.put(bar.date(), bar));
                from = segment.from().isBefore(from) ? segment.from() : from;
                to = segment.to().isAfter(to) ? segment.to() : to;
            } else {
                others.add(segment);
            }
        }
        added.bars().forEach(bar -> bars.put(bar.date(), bar));
        others.add(new Segment(from, to, List.copyOf(bars.values())));
        others.sort(Comparator.comparing(Segment::from));
        return new Series(others);
    }
}
