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
 * Minutes of one symbol, and the bars merged from them. Pure: no clock, no thread; used under its owner's lock.
 *
 * <p>Each trade carries the day's volume including itself, so trades have an order of their own whatever the order of
 * receipt. A trade that begins where the last one ended follows it; one that begins later leaves a gap; one that lies in a
 * gap is late and is inserted there; any other is a duplicate and counts once. A minute without a gap beside it is complete.
 * The volume before the first received trade is a gap too, unless that trade was the day's first.
 *
 * <p>KIS's count may restart at zero where a session begins. A lower count in a later minute shows it; within a minute a
 * second trade that begins at zero does, or one that begins inside the counted volume and ends behind it. The last trades
 * under the old count are unknown then, so the minutes from its last trade to the first of the new one are incomplete.
 */
public final class BarSeries {
    /** Retained minutes; older ones are no longer changed. */
    public static final int MINUTES_RETAINED = 128;
    /** Retained gaps; beyond it the oldest merge, and their minutes stay incomplete until they are restored. */
    static final int GAPS_MAX = 64;

    private static final int MINUTES_OF_DAY = 24 * 60;

    /** Receives each changed bar. */
    @FunctionalInterface
    public interface Sink {
        void onBar(LiveBar bar);
    }

    /**
     * Volumes {@code (from, to]} of the day without a received trade, traded in the minutes {@code first} to {@code last}.
     *
     * @param beforeFirstTrade whether it precedes the first received trade
     */
    private record Gap(long from, long to, long first, long last, boolean beforeFirstTrade) {
        /** The part of it with these volumes and minutes. */
        Gap part(long from, long to, long first, long last) {
            return new Gap(from, to, first, last, beforeFirstTrade);
        }

        /** This gap with volumes that no trade has. */
        Gap unfillable() {
            return part(Long.MAX_VALUE, Long.MAX_VALUE, first, last);
        }

        boolean overlaps(long begin, long end) {
            return first <= end && last >= begin;
        }
    }

    private static final class MinuteSlot {
        private long minute = Long.MIN_VALUE;
        private long firstVolume;
        private long lastVolume;
        private long open;
        private long high;
        private long low;
        private long close;
        private long volume;
        private long turnover;
        private boolean restored;

        void reset(long at) {
            minute = at;
            firstVolume = Long.MAX_VALUE;
            lastVolume = Long.MIN_VALUE;
            high = Long.MIN_VALUE;
            low = Long.MAX_VALUE;
            volume = 0;
            turnover = 0;
            restored = false;
        }

        void add(BarTrade trade) {
            if (trade.volume() < firstVolume) {
                firstVolume = trade.volume();
                open = trade.price();
            }
            if (trade.volume() > lastVolume) {
                lastVolume = trade.volume();
                close = trade.price();
            }
            high = Math.max(high, trade.price());
            low = Math.min(low, trade.price());
            volume += trade.qty();
            turnover += trade.price() * trade.qty();
        }
    }

    /** Minutes after which a source has all that it will ever have. */
    private static final int SETTLE_MINUTES = 3;

    private final MinuteSlot[] slots = new MinuteSlot[MINUTES_RETAINED];
    private final List<Gap> gaps = new ArrayList<>();
    private final Map<BarPeriod, Long> lastClosed = new EnumMap<>(BarPeriod.class);
    private int date;
    private long dayFirstMinute;
    private long volume = -1;
    /** Minute and count of the trade that began the present count, once received. */
    private long countStartMinute = Long.MIN_VALUE;

    private long countStartVolume;
    private long latestMinute = Long.MIN_VALUE;
    private long over = Long.MIN_VALUE;
    private long duplicates;

    public BarSeries() {
        for (var i = 0; i < MINUTES_RETAINED; i++) {
            slots[i] = new MinuteSlot();
        }
    }

    /**
     * Adds a received trade.
     *
     * @param periods whose bars are published
     */
    public void addTrade(BarTrade trade, Set<BarPeriod> periods, Sink sink) {
        var day = trade.day();
        if (day != date || dayFirstMinute == 0) {
            dayFirstMinute =
                    LocalDate.of(day / 10_000, day / 100 % 100, day % 100).toEpochDay() * MINUTES_OF_DAY;
        }
        var clock = trade.timeOfDay();
        var minute = dayFirstMinute + clock / 10_000 * 60L + clock / 100 % 100;
        if (day == date && minute < latestMinute - MINUTES_RETAINED && volume >= 0 && trade.volume() > volume) {
            // A trade received hours late: its bars are gone, and the next trade shows its shares as missing.
            duplicates++;
            return;
        }
        if (day != date || minute < latestMinute - MINUTES_RETAINED) {
            if (day < date) {
                duplicates++;
                dayFirstMinute = 0;
                return;
            }
            over(minute, periods, sink);
            date = day;
            volume = -1;
            countStartMinute = Long.MIN_VALUE;
            gaps.clear();
            if (minute < latestMinute) {
                // The clock was set back, or a simulated day is repeated: earlier minutes are over.
                latestMinute = Long.MIN_VALUE;
                over = Long.MIN_VALUE;
                lastClosed.clear();
                for (var slot : slots) {
                    slot.minute = Long.MIN_VALUE;
                }
            }
        }
        if (isCountRestart(trade, minute)) {
            restartCount(minute);
        }
        var late = volume >= 0 && trade.volume() <= volume;
        var incomplete = late
                ? incompleteBars(new Range(latestMinute - MINUTES_RETAINED + 1, latestMinute), periods)
                : Map.<BarPeriod, List<Long>>of();
        if (!claimVolume(trade, minute)) {
            duplicates++;
            return;
        }
        if (minute > latestMinute) {
            over(minute, periods, sink);
            latestMinute = minute;
        }
        var slot = slots[(int) Math.floorMod(minute, (long) MINUTES_RETAINED)];
        if (slot.minute > minute || slot.minute == minute && slot.restored) {
            return; // too old to be changed, or restored from a better source
        }
        if (slot.minute != minute) {
            slot.reset(minute);
        }
        slot.add(trade);
        for (var period : periods) {
            var begin = LiveBar.begin(period, minute);
            emit(period, begin, sink);
            // Bars published as incomplete because of the gap that this trade filled are complete now.
            for (var other : incomplete.getOrDefault(period, List.of())) {
                if (other != begin && isComplete(other, other + period.minutes() - 1)) {
                    emit(period, other, sink);
                }
            }
        }
    }

    /** Whether the day's count restarted at zero between the counted volume and {@code trade}. */
    private boolean isCountRestart(BarTrade trade, long minute) {
        if (volume < 0) {
            return false;
        }
        long begin = trade.volume() - trade.qty();
        if (minute > latestMinute) {
            return trade.volume() <= volume || begin < volume;
        }
        if (minute < latestMinute) {
            return false;
        }
        if (trade.volume() > volume) {
            return begin < volume;
        }
        boolean repeats = minute == countStartMinute && trade.volume() == countStartVolume;
        return begin == 0 && !repeats && gaps.stream().noneMatch(gap -> gap.from() == 0 && trade.volume() <= gap.to());
    }

    /** Gaps remain, but no later trade can fill them; nor can one fill the end of the old count. */
    private void restartCount(long minute) {
        volume = -1;
        countStartMinute = Long.MIN_VALUE;
        gaps.replaceAll(Gap::unfillable);
        if (latestMinute != Long.MIN_VALUE) {
            addGap(new Gap(Long.MAX_VALUE, Long.MAX_VALUE, latestMinute, minute, false));
        }
    }

    /** Inserts the trade's volume; false when that volume is taken. */
    private boolean claimVolume(BarTrade trade, long minute) {
        var begin = trade.volume() - trade.qty();
        if (begin == 0 && countStartMinute == Long.MIN_VALUE) {
            countStartMinute = minute;
            countStartVolume = trade.volume();
        }
        if (volume < 0) {
            if (begin > 0) {
                var midnight = minute - Math.floorMod(minute, (long) MINUTES_OF_DAY);
                addGap(new Gap(0, begin, Math.max(midnight, latestMinute), minute, latestMinute < midnight));
            }
            volume = trade.volume();
            return true;
        }
        if (trade.volume() > volume) {
            if (begin > volume) {
                addGap(new Gap(volume, begin, Math.min(latestMinute, minute), Math.max(latestMinute, minute), false));
            }
            volume = trade.volume();
            return true;
        }
        for (var i = 0; i < gaps.size(); i++) {
            var gap = gaps.get(i);
            if (gap.from() <= begin && trade.volume() <= gap.to() && gap.overlaps(minute, minute)) {
                gaps.remove(i);
                if (trade.volume() < gap.to()) {
                    gaps.add(i, gap.part(trade.volume(), gap.to(), Math.max(gap.first(), minute), gap.last()));
                }
                if (gap.from() < begin) {
                    gaps.add(i, gap.part(gap.from(), begin, gap.first(), Math.min(gap.last(), minute)));
                }
                return true;
            }
        }
        return false;
    }

    private void addGap(Gap gap) {
        if (gaps.size() >= GAPS_MAX) {
            // The two oldest merge: more minutes count as incomplete than are, never fewer.
            var first = gaps.removeFirst();
            var second = gaps.removeFirst();
            gaps.addFirst(first.part(
                    first.from(),
                    second.to(),
                    Math.min(first.first(), second.first()),
                    Math.max(first.last(), second.last())));
        }
        gaps.add(gap);
    }

    /** Closes every bar that ended before {@code minute} of the clock. */
    public void over(long minute, Set<BarPeriod> periods, Sink sink) {
        // Before the first trade the delay of the feed is unknown.
        if (minute <= over || latestMinute == Long.MIN_VALUE) {
            return;
        }
        over = minute;
        for (var period : periods) {
            var begin = LiveBar.begin(period, latestMinute);
            if (begin + period.minutes() <= minute && lastClosed.getOrDefault(period, Long.MIN_VALUE) < begin) {
                lastClosed.put(period, begin);
                aggregate(period, begin, true, false).ifPresent(sink::onBar);
            }
        }
    }

    private void emit(BarPeriod period, long begin, Sink sink) {
        var corrected = begin <= lastClosed.getOrDefault(period, Long.MIN_VALUE);
        var ended = begin + period.minutes() <= over;
        if (ended && !corrected && begin == LiveBar.begin(period, latestMinute)) {
            lastClosed.put(period, begin);
        }
        aggregate(period, begin, ended, corrected || ended && begin < LiveBar.begin(period, latestMinute))
                .ifPresent(sink::onBar);
    }

    /** The bar of the last trade; empty before the first. */
    public Optional<LiveBar> latestBar(BarPeriod period) {
        if (latestMinute == Long.MIN_VALUE) {
            return Optional.empty();
        }
        var begin = LiveBar.begin(period, latestMinute);
        return aggregate(period, begin, begin + period.minutes() <= over, false);
    }

    private Optional<LiveBar> aggregate(BarPeriod period, long begin, boolean isOver, boolean corrected) {
        @Nullable MinuteSlot first = null;
        var close = 0L;
        var high = Long.MIN_VALUE;
        var low = Long.MAX_VALUE;
        var shares = 0L;
        var barTurnover = 0L;
        var end = begin + period.minutes() - 1;
        for (var minute = begin; minute <= Math.min(end, latestMinute); minute++) {
            var slot = slots[(int) Math.floorMod(minute, (long) MINUTES_RETAINED)];
            if (slot.minute != minute) {
                continue;
            }
            first = first == null ? slot : first;
            close = slot.close;
            high = Math.max(high, slot.high);
            low = Math.min(low, slot.low);
            shares += slot.volume;
            barTurnover += slot.turnover;
        }
        if (first == null) {
            return Optional.empty();
        }
        return Optional.of(new LiveBar(
                period,
                begin,
                first.open,
                high,
                low,
                close,
                shares,
                barTurnover,
                isComplete(begin, end),
                isOver,
                corrected));
    }

    private boolean isComplete(long begin, long end) {
        for (var gap : gaps) {
            if (gap.overlaps(begin, end)) {
                return false;
            }
        }
        return true;
    }

    /** Ended incomplete minutes, from the first to the last. */
    public record Range(long from, long to) {}

    /** Minutes worth requesting, of those bars of {@code longest} that may still be changed. */
    public Optional<Range> missingRange(BarPeriod longest) {
        if (latestMinute == Long.MIN_VALUE || over == Long.MIN_VALUE) {
            return Optional.empty();
        }
        var oldestRetained = latestMinute - MINUTES_RETAINED + 1;
        var to = over - 1;
        var found = gaps.stream()
                // The volume before the first received trade matters to bars that are still open; a gap matters to all.
                .map(gap -> new Range(
                        Math.max(
                                gap.first(),
                                gap.beforeFirstTrade()
                                        ? Math.max(oldestRetained, LiveBar.begin(longest, latestMinute))
                                        : oldestRetained),
                        Math.min(gap.last(), to)))
                .filter(range -> range.from() <= range.to())
                .toList();
        return found.stream()
                .reduce((one, other) -> new Range(Math.min(one.from(), other.from()), Math.max(one.to(), other.to())));
    }

    /**
     * Replaces the minutes {@code range}, all of them over, by a better source's; incomplete bars are published again. A
     * source with less volume in one of the last minutes than was received lags behind: then nothing of it is used. In an
     * older minute it counts a trade elsewhere, and is right.
     *
     * @return whether the minutes were used
     */
    public boolean restore(Range range, List<MinuteSource.Minute> minutes, Set<BarPeriod> periods, Sink sink) {
        if (latestMinute == Long.MIN_VALUE || range.to() >= over || isBehind(range, minutes)) {
            return false;
        }
        var incomplete = incompleteBars(range, periods);
        for (var each : minutes) {
            if (each.volume() == 0 || each.minute() < range.from() || each.minute() > range.to()) {
                continue;
            }
            var slot = slots[(int) Math.floorMod(each.minute(), (long) MINUTES_RETAINED)];
            if (slot.minute > each.minute()) {
                continue;
            }
            slot.reset(each.minute());
            slot.restored = true;
            slot.open = each.open();
            slot.high = each.high();
            slot.low = each.low();
            slot.close = each.close();
            slot.volume = each.volume();
            slot.turnover = each.turnover();
        }
        closeGaps(range);
        incomplete.forEach((period, barStarts) -> barStarts.forEach(begin -> emit(period, begin, sink)));
        return true;
    }

    /** Whether {@code minutes} lack recently received shares. */
    private boolean isBehind(Range range, List<MinuteSource.Minute> minutes) {
        var sourceVolumes = new HashMap<Long, Long>();
        minutes.forEach(each -> sourceVolumes.merge(each.minute(), each.volume(), Long::sum));
        for (var slot : slots) {
            if (slot.minute >= Math.max(range.from(), over - SETTLE_MINUTES)
                    && slot.minute <= range.to()
                    && sourceVolumes.getOrDefault(slot.minute, 0L) < slot.volume) {
                return true;
            }
        }
        return false;
    }

    /** The incomplete bars in {@code range}, by their first minute. */
    private Map<BarPeriod, List<Long>> incompleteBars(Range range, Set<BarPeriod> periods) {
        var incomplete = new EnumMap<BarPeriod, List<Long>>(BarPeriod.class);
        for (var period : periods) {
            var barStarts = new ArrayList<Long>();
            for (var begin = LiveBar.begin(period, range.from()); begin <= range.to(); begin += period.minutes()) {
                if (!isComplete(begin, begin + period.minutes() - 1)) {
                    barStarts.add(begin);
                }
            }
            incomplete.put(period, barStarts);
        }
        return incomplete;
    }

    private void closeGaps(Range range) {
        var remaining = new ArrayList<Gap>();
        for (var gap : gaps) {
            if (!gap.overlaps(range.from(), range.to())) {
                remaining.add(gap);
                continue;
            }
            if (gap.first() < range.from()) {
                remaining.add(gap.part(gap.from(), gap.to(), gap.first(), range.from() - 1));
            }
            if (gap.last() > range.to()) {
                remaining.add(gap.part(gap.from(), gap.to(), range.to() + 1, gap.last()));
            }
        }
        gaps.clear();
        remaining.forEach(this::addGap);
    }

    /** Duplicate trades, or trades of a day that is over. */
    public long duplicates() {
        return duplicates;
    }
}
