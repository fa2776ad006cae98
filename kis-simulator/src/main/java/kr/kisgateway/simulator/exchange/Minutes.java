package kr.kisgateway.simulator.exchange;

import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The minute bars of one stock's day, in the order of time; only minutes with trades have one.
 *
 * <p>There are at most {@link #MAX_BARS}, as many as a day has minutes; a longer day would lose its oldest.
 */
public final class Minutes {
    /** The most bars of a day. */
    public static final int MAX_BARS = 1_440;

    /**
     * The trades of one minute. Prices are 0 in a minute that had trades at the closing price only (시간외종가): those count,
     * and are no prices of the day.
     *
     * @param minute the start, in minutes since midnight of the stock's clock
     * @param volume shares
     * @param turnover in units of the currency
     */
    public record Bar(int minute, long open, long high, long low, long close, long volume, long turnover) {
        public LocalTime start() {
            return LocalTime.of(minute / 60, minute % 60);
        }

        /** A minute in which nothing traded. */
        public static Bar withoutTrades(int minute, long price) {
            return new Bar(minute, price, price, price, price, 0, 0);
        }

        /** The same trades as those of another minute. */
        public Bar at(int otherMinute) {
            return new Bar(otherMinute, open, high, low, close, volume, turnover);
        }

        /** This bar and the following trades as a single bar. */
        public Bar mergedWith(Bar more) {
            if (more.open == 0 || open == 0) {
                Bar priced = open == 0 ? more : this;
                return new Bar(
                        minute,
                        priced.open,
                        priced.high,
                        priced.low,
                        priced.close,
                        volume + more.volume,
                        turnover + more.turnover);
            }
            return new Bar(
                    minute,
                    open,
                    Math.max(high, more.high),
                    Math.min(low, more.low),
                    more.close,
                    volume + more.volume,
                    turnover + more.turnover);
        }
    }

    private static final int GROWTH_BYTES = 256;

    /**
     * All bars but the last, each as its differences from the one before in as few bytes as they need: thousands of stocks
     * have hundreds of bars each.
     */
    private byte[] packed = {};

    private int length;
    private long packedMinute;
    private long packedClose;
    private int count;
    private @Nullable Bar last;

    /** Adds a trade. */
    void add(int minute, long price, long qty) {
        add(new Bar(minute, price, price, price, price, qty, Math.multiplyExact(price, qty)));
    }

    /** Adds trades at the closing price. */
    void addVolume(int minute, long price, long qty) {
        add(new Bar(minute, 0, 0, 0, 0, qty, Math.multiplyExact(price, qty)));
    }

    /** Adds the trades of a minute, or of a part of it: to the bar of that minute where it is the last one. */
    public void add(Bar more) {
        if (last != null && last.minute == more.minute) {
            last = last.mergedWith(more);
            return;
        }
        if (count == MAX_BARS) {
            List<Bar> previous = bars();
            clear();
            previous.subList(1, previous.size()).forEach(this::add);
        }
        if (last != null) {
            pack(last);
        }
        last = more;
        count++;
    }

    /** An independent copy of the bars. */
    Minutes copy() {
        Minutes copy = new Minutes();
        copy.packed = packed.clone();
        copy.length = length;
        copy.packedMinute = packedMinute;
        copy.packedClose = packedClose;
        copy.count = count;
        copy.last = last;
        return copy;
    }

    void clear() {
        packed = new byte[0];
        length = 0;
        count = 0;
        last = null;
        packedMinute = 0;
        packedClose = 0;
    }

    public int count() {
        return count;
    }

    /** The newest bar, which grows during its minute. */
    public Optional<Bar> last() {
        return Optional.ofNullable(last);
    }

    /** The bar at an index, 0 being the oldest. Iterates up to it: for all bars use {@link #bars}. */
    public Bar bar(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("bar " + index + " of " + count);
        }
        BarIterator walk = barIterator();
        for (int i = 0; i < index; i++) {
            walk.next();
        }
        return walk.next();
    }

    /** All bars, oldest first. */
    public List<Bar> bars() {
        List<Bar> bars = new ArrayList<>(count);
        barIterator().forEachRemaining(bars::add);
        return bars;
    }

    BarIterator barIterator() {
        return new BarIterator();
    }

    /** Iterates from the oldest to the newest. */
    final class BarIterator implements Iterator<Bar> {
        private int at;
        private int passed;
        private long minute;
        private long close;

        @Override
        public boolean hasNext() {
            return passed < count;
        }

        @Override
        public Bar next() {
            if (!hasNext()) {
                throw new NoSuchElementException("only " + count + " bars");
            }
            passed++;
            if (passed == count && last != null) {
                return last;
            }
            minute += read();
            long open = close + read();
            long high = open + read();
            long low = open + read();
            close = open + read();
            long volume = read();
            return new Bar(
                    (int) minute, open, high, low, close, volume, average(open, high, low, close) * volume + read());
        }

        private long read() {
            long value = 0;
            int shift = 0;
            byte each;
            do {
                each = packed[at++];
                value |= (long) (each & 0x7F) << shift;
                shift += 7;
            } while (each < 0);
            return value >>> 1 ^ -(value & 1);
        }
    }

    private void pack(Bar bar) {
        if (packed.length - length < 7 * 10) {
            packed = Arrays.copyOf(packed, packed.length + GROWTH_BYTES);
        }
        write(bar.minute - packedMinute);
        write(bar.open - packedClose);
        write(bar.high - bar.open);
        write(bar.low - bar.open);
        write(bar.close - bar.open);
        write(bar.volume);
        write(bar.turnover - average(bar.open, bar.high, bar.low, bar.close) * bar.volume);
        packedMinute = bar.minute;
        packedClose = bar.close;
    }

    /** Seven bits a byte, the sign in the lowest. */
    private void write(long value) {
        long rest = value << 1 ^ value >> 63;
        while ((rest & ~0x7FL) != 0) {
            packed[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        packed[length++] = (byte) rest;
    }

    private static long average(long open, long high, long low, long close) {
        return (open + high + low + close) / 4;
    }
}
