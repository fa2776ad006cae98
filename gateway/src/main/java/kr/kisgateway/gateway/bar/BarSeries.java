package kr.kisgateway.gateway.bar;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.market.BarPeriod;
import org.jspecify.annotations.Nullable;

/**
 * The minutes of one symbol, and the bars made of them. Pure: no clock, no thread; used under its owner's lock.
 *
 * <p>Each trade says how much was traded that day, itself included, so trades have an order of their own whatever the order
 * in which they come. A trade that begins where the last one ended follows it; one that begins later leaves a hole; one
 * that lies in a hole is late and is put where it belongs; any other came twice and counts once. A minute beside which
 * there is no hole is complete. What is known before the first trade that was heard is a hole too, unless it was the day's
 * first.
 *
 * <p>KIS's count may begin again at zero where a session begins. A lower count in a later minute shows it; within a minute a
 * second trade that begins at zero does, or one that begins inside what was counted and ends behind it. What traded last under
 * the old count is not known then, so the minutes from its last trade to the first of the new one are incomplete.
 */
public final class BarSeries {
    /** Minutes that are kept; older ones are no longer changed. */
    public static final int KEPT = 128;
    /** Holes that are remembered; of more the oldest are, and their minutes stay incomplete until they are restored. */
    static final int HOLES_MAX = 64;

    private static final int MINUTES_OF_DAY = 24 * 60;

    /** Takes each bar that changed. */
    @FunctionalInterface
    public interface Sink {
        void bar(Bar bar);
    }

    /**
     * Volumes {@code (from, to]} of the day that nobody heard of, traded in the minutes {@code first} to {@code last}.
     *
     * @param before whether it is what was before the first trade heard
     */
    private record Hole(long from, long to, long first, long last, boolean before) {
        /** The part of it with these volumes and minutes. */
        Hole part(long from, long to, long first, long last) {
            return new Hole(from, to, first, last, before);
        }

        /** This with volumes that no trade has. */
        Hole lost() {
            return part(Long.MAX_VALUE, Long.MAX_VALUE, first, last);
        }

        boolean touches(long begin, long end) {
            return first <= end && last >= begin;
        }
    }

    private static final class Slot {
        private long minute = Long.MIN_VALUE;
        private long firstAt;
        private long lastAt;
        private long open;
        private long high;
        private long low;
        private long close;
        private long volume;
        private long turnover;
        private boolean restored;

        void begin(long at) {
            minute = at;
            firstAt = Long.MAX_VALUE;
            lastAt = Long.MIN_VALUE;
            high = Long.MIN_VALUE;
            low = Long.MAX_VALUE;
            volume = 0;
            turnover = 0;
            restored = false;
        }

        void add(BarTrade trade) {
            if (trade.volume() < firstAt) {
                firstAt = trade.volume();
                open = trade.price();
            }
            if (trade.volume() > lastAt) {
                lastAt = trade.volume();
                close = trade.price();
            }
            high = Math.max(high, trade.price());
            low = Math.min(low, trade.price());
            volume += trade.qty();
            turnover += trade.price() * trade.qty();
        }
    }

    /** Minutes after which a source has all that it will ever have. */
    private static final int SETTLES = 3;

    private final Slot[] slots = new Slot[KEPT];
    private final List<Hole> holes = new ArrayList<>();
    private final Map<BarPeriod, Long> closed = new EnumMap<>(BarPeriod.class);
    private int date;
    private long dayBegins;
    private long volume = -1;
    /** The minute and the count of the trade that the present count began with, once it came. */
    private long countMinute = Long.MIN_VALUE;

    private long countFirst;
    private long latest = Long.MIN_VALUE;
    private long over = Long.MIN_VALUE;
    private long repeated;

    public BarSeries() {
        for (var i = 0; i < KEPT; i++) {
            slots[i] = new Slot();
        }
    }

    /**
     * A trade came.
     *
     * @param periods whose bars are wanted
     */
    public void on(BarTrade trade, Set<BarPeriod> periods, Sink sink) {
        var day = trade.day();
        if (day != date || dayBegins == 0) {
            dayBegins = LocalDate.of(day / 10_000, day / 100 % 100, day % 100).toEpochDay() * MINUTES_OF_DAY;
        }
        var clock = trade.timeOfDay();
        var minute = dayBegins + clock / 10_000 * 60L + clock / 100 % 100;
        if (day == date && minute < latest - KEPT && volume >= 0 && trade.volume() > volume) {
            // A trade told hours late: its bars are gone, and its shares are missed by the next one.
            repeated++;
            return;
        }
        if (day != date || minute < latest - KEPT) {
            if (day < date) {
                repeated++;
                dayBegins = 0;
                return;
            }
            over(minute, periods, sink);
            date = day;
            volume = -1;
            countMinute = Long.MIN_VALUE;
            holes.clear();
            if (minute < latest) {
                // A clock that was set back, or a day that is lived again: what was is over.
                latest = Long.MIN_VALUE;
                over = Long.MIN_VALUE;
                closed.clear();
                for (var slot : slots) {
                    slot.minute = Long.MIN_VALUE;
                }
            }
        }
        if (restarts(trade, minute)) {
            restartCount(minute);
        }
        var late = volume >= 0 && trade.volume() <= volume;
        var lacking = late ? lacking(new Range(latest - KEPT + 1, latest), periods) : Map.<BarPeriod, List<Long>>of();
        if (!fits(trade, minute)) {
            repeated++;
            return;
        }
        if (minute > latest) {
            over(minute, periods, sink);
            latest = minute;
        }
        var slot = slots[(int) Math.floorMod(minute, (long) KEPT)];
        if (slot.minute > minute || slot.minute == minute && slot.restored) {
            return; // too old to be changed, or known from where it is known better
        }
        if (slot.minute != minute) {
            slot.begin(minute);
        }
        slot.add(trade);
        for (var period : periods) {
            var begin = Bar.begin(period, minute);
            tell(period, begin, sink);
            // What was told as incomplete because of the hole that this trade filled is complete now.
            for (var other : lacking.getOrDefault(period, List.of())) {
                if (other != begin && isComplete(other, other + period.minutes() - 1)) {
                    tell(period, other, sink);
                }
            }
        }
    }

    /** Whether the day's count began again at zero between what was counted and {@code trade}. */
    private boolean restarts(BarTrade trade, long minute) {
        if (volume < 0) {
            return false;
        }
        long begin = trade.volume() - trade.qty();
        if (minute > latest) {
            return trade.volume() <= volume || begin < volume;
        }
        if (minute < latest) {
            return false;
        }
        if (trade.volume() > volume) {
            return begin < volume;
        }
        boolean repeats = minute == countMinute && trade.volume() == countFirst;
        return begin == 0
                && !repeats
                && holes.stream().noneMatch(hole -> hole.from() == 0 && trade.volume() <= hole.to());
    }

    /** What is missing stays so, but no later trade can be known to have been it; nor what traded last under the old count. */
    private void restartCount(long minute) {
        volume = -1;
        countMinute = Long.MIN_VALUE;
        holes.replaceAll(Hole::lost);
        if (latest != Long.MIN_VALUE) {
            hole(new Hole(Long.MAX_VALUE, Long.MAX_VALUE, latest, minute, false));
        }
    }

    /** Puts the trade's volume into its place; false when it is taken. */
    private boolean fits(BarTrade trade, long minute) {
        var begin = trade.volume() - trade.qty();
        if (begin == 0 && countMinute == Long.MIN_VALUE) {
            countMinute = minute;
            countFirst = trade.volume();
        }
        if (volume < 0) {
            if (begin > 0) {
                var midnight = minute - Math.floorMod(minute, (long) MINUTES_OF_DAY);
                hole(new Hole(0, begin, Math.max(midnight, latest), minute, latest < midnight));
            }
            volume = trade.volume();
            return true;
        }
        if (trade.volume() > volume) {
            if (begin > volume) {
                hole(new Hole(volume, begin, Math.min(latest, minute), Math.max(latest, minute), false));
            }
            volume = trade.volume();
            return true;
        }
        for (var i = 0; i < holes.size(); i++) {
            var hole = holes.get(i);
            if (hole.from() <= begin && trade.volume() <= hole.to() && hole.touches(minute, minute)) {
                holes.remove(i);
                if (trade.volume() < hole.to()) {
                    holes.add(i, hole.part(trade.volume(), hole.to(), Math.max(hole.first(), minute), hole.last()));
                }
                if (hole.from() < begin) {
                    holes.add(i, hole.part(hole.from(), begin, hole.first(), Math.min(hole.last(), minute)));
                }
                return true;
            }
        }
        return false;
    }

    private void hole(Hole hole) {
        if (holes.size() >= HOLES_MAX) {
            // The two oldest become one: more is taken for incomplete than is, never less.
            var first = holes.removeFirst();
            var second = holes.removeFirst();
            holes.addFirst(first.part(
                    first.from(),
                    second.to(),
                    Math.min(first.first(), second.first()),
                    Math.max(first.last(), second.last())));
        }
        holes.add(hole);
    }

    /** By the clock it is {@code minute}: every bar that ended before is closed. */
    public void over(long minute, Set<BarPeriod> periods, Sink sink) {
        // Before the first trade nobody knows how late trades come.
        if (minute <= over || latest == Long.MIN_VALUE) {
            return;
        }
        over = minute;
        for (var period : periods) {
            var begin = Bar.begin(period, latest);
            if (begin + period.minutes() <= minute && closed.getOrDefault(period, Long.MIN_VALUE) < begin) {
                closed.put(period, begin);
                aggregate(period, begin, true, false).ifPresent(sink::bar);
            }
        }
    }

    private void tell(BarPeriod period, long begin, Sink sink) {
        var again = begin <= closed.getOrDefault(period, Long.MIN_VALUE);
        var ended = begin + period.minutes() <= over;
        if (ended && !again && begin == Bar.begin(period, latest)) {
            closed.put(period, begin);
        }
        aggregate(period, begin, ended, again || ended && begin < Bar.begin(period, latest))
                .ifPresent(sink::bar);
    }

    /** The bar in which the last trade was; empty before the first. */
    public Optional<Bar> newest(BarPeriod period) {
        if (latest == Long.MIN_VALUE) {
            return Optional.empty();
        }
        var begin = Bar.begin(period, latest);
        return aggregate(period, begin, begin + period.minutes() <= over, false);
    }

    private Optional<Bar> aggregate(BarPeriod period, long begin, boolean isOver, boolean again) {
        @Nullable Slot first = null;
        var close = 0L;
        var high = Long.MIN_VALUE;
        var low = Long.MAX_VALUE;
        var shares = 0L;
        var won = 0L;
        var end = begin + period.minutes() - 1;
        for (var minute = begin; minute <= Math.min(end, latest); minute++) {
            var slot = slots[(int) Math.floorMod(minute, (long) KEPT)];
            if (slot.minute != minute) {
                continue;
            }
            first = first == null ? slot : first;
            close = slot.close;
            high = Math.max(high, slot.high);
            low = Math.min(low, slot.low);
            shares += slot.volume;
            won += slot.turnover;
        }
        if (first == null) {
            return Optional.empty();
        }
        return Optional.of(new Bar(
                period, begin, first.open, high, low, close, shares, won, isComplete(begin, end), isOver, again));
    }

    private boolean isComplete(long begin, long end) {
        for (var hole : holes) {
            if (hole.touches(begin, end)) {
                return false;
            }
        }
        return true;
    }

    /** Minutes that are over and incomplete, from the first to the last of them. */
    public record Range(long from, long to) {}

    /** What is worth asking for, of those bars of {@code longest} that may still be changed. */
    public Optional<Range> missing(BarPeriod longest) {
        if (latest == Long.MIN_VALUE || over == Long.MIN_VALUE) {
            return Optional.empty();
        }
        var kept = latest - KEPT + 1;
        var to = over - 1;
        var found = holes.stream()
                // What was before the first trade heard is of use to bars that are still open; a gap is of use to all.
                .map(hole -> new Range(
                        Math.max(hole.first(), hole.before() ? Math.max(kept, Bar.begin(longest, latest)) : kept),
                        Math.min(hole.last(), to)))
                .filter(range -> range.from() <= range.to())
                .toList();
        return found.stream()
                .reduce((one, other) -> new Range(Math.min(one.from(), other.from()), Math.max(one.to(), other.to())));
    }

    /**
     * What a better source knows of the minutes {@code range}, all of them over; bars that lacked something are told anew. A source
     * that knows of less in one of the last minutes than was heard has not got so far itself: then nothing of it is taken. In an
     * older one it counts a trade elsewhere, and is right.
     *
     * @return whether it was taken
     */
    public boolean restore(Range range, List<MinuteSource.Minute> minutes, Set<BarPeriod> periods, Sink sink) {
        if (latest == Long.MIN_VALUE || range.to() >= over || isBehind(range, minutes)) {
            return false;
        }
        var lacking = lacking(range, periods);
        for (var each : minutes) {
            if (each.volume() == 0 || each.minute() < range.from() || each.minute() > range.to()) {
                continue;
            }
            var slot = slots[(int) Math.floorMod(each.minute(), (long) KEPT)];
            if (slot.minute > each.minute()) {
                continue;
            }
            slot.begin(each.minute());
            slot.restored = true;
            slot.open = each.open();
            slot.high = each.high();
            slot.low = each.low();
            slot.close = each.close();
            slot.volume = each.volume();
            slot.turnover = each.turnover();
        }
        fill(range);
        lacking.forEach((period, begins) -> begins.forEach(begin -> tell(period, begin, sink)));
        return true;
    }

    /** Whether {@code minutes} lack shares that were heard a moment ago. */
    private boolean isBehind(Range range, List<MinuteSource.Minute> minutes) {
        var known = new HashMap<Long, Long>();
        minutes.forEach(each -> known.merge(each.minute(), each.volume(), Long::sum));
        for (var slot : slots) {
            if (slot.minute >= Math.max(range.from(), over - SETTLES)
                    && slot.minute <= range.to()
                    && known.getOrDefault(slot.minute, 0L) < slot.volume) {
                return true;
            }
        }
        return false;
    }

    /** The bars in {@code range} that are incomplete, by where they begin. */
    private Map<BarPeriod, List<Long>> lacking(Range range, Set<BarPeriod> periods) {
        var lacking = new EnumMap<BarPeriod, List<Long>>(BarPeriod.class);
        for (var period : periods) {
            var begins = new ArrayList<Long>();
            for (var begin = Bar.begin(period, range.from()); begin <= range.to(); begin += period.minutes()) {
                if (!isComplete(begin, begin + period.minutes() - 1)) {
                    begins.add(begin);
                }
            }
            lacking.put(period, begins);
        }
        return lacking;
    }

    private void fill(Range range) {
        var left = new ArrayList<Hole>();
        for (var hole : holes) {
            if (!hole.touches(range.from(), range.to())) {
                left.add(hole);
                continue;
            }
            if (hole.first() < range.from()) {
                left.add(hole.part(hole.from(), hole.to(), hole.first(), range.from() - 1));
            }
            if (hole.last() > range.to()) {
                left.add(hole.part(hole.from(), hole.to(), range.to() + 1, hole.last()));
            }
        }
        holes.clear();
        left.forEach(this::hole);
    }

    /** Trades that came twice, or of a day that is over. */
    public long repeated() {
        return repeated;
    }
}
