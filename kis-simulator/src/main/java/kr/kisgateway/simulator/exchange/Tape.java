package kr.kisgateway.simulator.exchange;

import java.time.LocalTime;
import kr.kisgateway.market.Side;

/**
 * The day's figures of one stock: prices in won, volumes in shares, times as KST {@code HHmmss} numbers. A price is 0
 * until the first trade of the day, except {@code base} and {@code last}.
 */
public final class Tape {
    private long base;
    private long last;
    private long open;
    private long high;
    private long low;
    private int openAt;
    private int highAt;
    private int lowAt;
    private long volume;
    private long turnover;
    private long buyVolume;
    private long sellVolume;
    private long buyCount;
    private long sellCount;

    Tape(long base, long last) {
        this.base = base;
        this.last = last;
    }

    void add(long price, long qty, Side aggressor, int timeOfDay) {
        last = price;
        if (open == 0) {
            open = price;
            openAt = timeOfDay;
        }
        if (price > high) {
            high = price;
            highAt = timeOfDay;
        }
        if (low == 0 || price < low) {
            low = price;
            lowAt = timeOfDay;
        }
        volume += qty;
        turnover += price * qty;
        if (aggressor == Side.BUY) {
            buyVolume += qty;
            buyCount++;
        } else {
            sellVolume += qty;
            sellCount++;
        }
    }

    /** A new business day: the last price becomes the base and the figures start again. */
    void roll() {
        base = last;
        open = high = low = volume = turnover = buyVolume = sellVolume = buyCount = sellCount = 0;
        openAt = highAt = lowAt = 0;
    }

    /** The figures as one line of the simulator's file. */
    public Figures figures() {
        return new Figures(
                base,
                last,
                open,
                high,
                low,
                openAt,
                highAt,
                lowAt,
                volume,
                turnover,
                buyVolume,
                sellVolume,
                buyCount,
                sellCount);
    }

    void restore(Figures f) {
        base = f.base;
        last = f.last;
        open = f.open;
        high = f.high;
        low = f.low;
        openAt = f.openAt;
        highAt = f.highAt;
        lowAt = f.lowAt;
        volume = f.volume;
        turnover = f.turnover;
        buyVolume = f.buyVolume;
        sellVolume = f.sellVolume;
        buyCount = f.buyCount;
        sellCount = f.sellCount;
    }

    /** The base price (기준가). */
    public long base() {
        return base;
    }

    public long last() {
        return last;
    }

    /** A wall-clock time as the number {@code HHmmss}. */
    public static int timeOfDay(LocalTime time) {
        return time.getHour() * 10_000 + time.getMinute() * 100 + time.getSecond();
    }

    /** Everything a {@link Tape} knows, frozen. */
    public record Figures(
            long base,
            long last,
            long open,
            long high,
            long low,
            int openAt,
            int highAt,
            int lowAt,
            long volume,
            long turnover,
            long buyVolume,
            long sellVolume,
            long buyCount,
            long sellCount) {}
}
