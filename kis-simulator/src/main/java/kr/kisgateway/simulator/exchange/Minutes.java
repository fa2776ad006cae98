package kr.kisgateway.simulator.exchange;

import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The minute bars of one stock's day, in the order of time; only minutes in which something traded have one.
 *
 * <p>There are at most {@link #MOST}, as many as a day has minutes; a day that were longer would lose its oldest.
 */
public final class Minutes {
    /** Bars that are kept. */
    public static final int MOST = 1_440;

    /**
     * What traded in one minute. Prices are 0 in a minute that had trades at the closing price only (시간외종가): those count,
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
    }

    private static final int FIELDS = 7;
    private static final int MINUTE = 0;
    private static final int OPEN = 1;
    private static final int HIGH = 2;
    private static final int LOW = 3;
    private static final int CLOSE = 4;
    private static final int VOLUME = 5;
    private static final int TURNOVER = 6;

    /** Bar after bar in one array: thousands of stocks have hundreds of bars each. */
    private long[] cells = {};

    private int count;

    /** Adds a trade. */
    void add(int minute, long price, long qty) {
        add(new Bar(minute, price, price, price, price, qty, Math.multiplyExact(price, qty)));
    }

    /** Adds trades at the closing price. */
    void addVolume(int minute, long price, long qty) {
        add(new Bar(minute, 0, 0, 0, 0, qty, Math.multiplyExact(price, qty)));
    }

    /** Adds what traded in a minute, or in a part of it: to the bar of that minute where it is the last one. */
    void add(Bar more) {
        if (count == 0 || cells[(count - 1) * FIELDS + MINUTE] != more.minute) {
            append(more.minute);
        }
        int at = (count - 1) * FIELDS;
        if (more.open != 0) {
            if (cells[at + OPEN] == 0) {
                cells[at + OPEN] = more.open;
                cells[at + LOW] = more.low;
            }
            cells[at + HIGH] = Math.max(cells[at + HIGH], more.high);
            cells[at + LOW] = Math.min(cells[at + LOW], more.low);
            cells[at + CLOSE] = more.close;
        }
        cells[at + VOLUME] += more.volume;
        cells[at + TURNOVER] += more.turnover;
    }

    private void append(int minute) {
        if (count == MOST) {
            System.arraycopy(cells, FIELDS, cells, 0, (MOST - 1) * FIELDS);
            count--;
        }
        int from = count * FIELDS;
        if (from == cells.length) {
            cells = Arrays.copyOf(cells, Math.min(MOST, count + count / 2 + 8) * FIELDS);
        }
        Arrays.fill(cells, from, from + FIELDS, 0);
        cells[from + MINUTE] = minute;
        count++;
    }

    void clear() {
        cells = new long[0];
        count = 0;
    }

    public int count() {
        return count;
    }

    /** The bar at a place, the oldest being 0. */
    public Bar bar(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("bar " + index + " of " + count);
        }
        int at = index * FIELDS;
        return new Bar(
                (int) cells[at + MINUTE],
                cells[at + OPEN],
                cells[at + HIGH],
                cells[at + LOW],
                cells[at + CLOSE],
                cells[at + VOLUME],
                cells[at + TURNOVER]);
    }

    /** All of them, the oldest first. */
    public List<Bar> bars() {
        return IntStream.range(0, count).mapToObj(this::bar).toList();
    }
}
