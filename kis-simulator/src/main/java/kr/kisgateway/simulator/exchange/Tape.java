package kr.kisgateway.simulator.exchange;

import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Side;
import org.jspecify.annotations.Nullable;

/**
 * The day's figures of one stock: prices in whole units of its currency (won), volumes in shares, times as
 * {@code HHmmss} numbers of its clock (KST). A price is 0 until the first trade of the day, except {@code base} and
 * {@code last}.
 */
public final class Tape {
    private static final int RECENT_TRADES = 30;

    /**
     * A trade that was made order by order.
     *
     * @param timeOfDay {@code HHmmss}
     * @param aggressor the side that took; empty for trades of an auction
     * @param volume shares of the day, this trade included
     * @param buyVolume those that buyers took
     * @param sellVolume those that sellers took
     */
    public record RecentTrade(
            int timeOfDay,
            long price,
            long qty,
            Optional<Side> aggressor,
            long volume,
            long buyVolume,
            long sellVolume) {}

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
    private long close;
    private int lastAt;
    private long playedTo;

    private final Minutes minutes = new Minutes();
    private final Deque<RecentTrade> recentTrades = new ArrayDeque<>(0);
    private @Nullable Deferred deferred;

    /** Minutes whose sums are in the figures already, and which are computed when they are requested. */
    public interface Deferred {
        void fill(Minutes minutes);
    }

    public Tape(long base, long last) {
        this.base = base;
        this.last = last;
    }

    /** @param aggressor the side that took; empty for trades of an auction or at the closing price */
    public void add(long price, long qty, Optional<Side> aggressor, int timeOfDay) {
        minutes().add(minute(timeOfDay), price, qty);
        addFigures(price, qty, timeOfDay);
        aggressor.ifPresent(taker -> {
            if (taker == Side.BUY) {
                buyVolume += qty;
                buyCount++;
            } else {
                sellVolume += qty;
                sellCount++;
            }
        });
        if (recentTrades.size() == RECENT_TRADES) {
            recentTrades.removeLast();
        }
        recentTrades.addFirst(new RecentTrade(timeOfDay, price, qty, aggressor, volume, buyVolume, sellVolume));
    }

    /** The last trades of the day that were made order by order, newest first; a restart forgets them. */
    public List<RecentTrade> recentTrades() {
        return List.copyOf(recentTrades);
    }

    /** Adds a trade without aggressor to the figures alone; its minute is among the deferred ones. */
    void addFigures(long price, long qty, int timeOfDay) {
        last = price;
        lastAt = timeOfDay;
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
    }

    /**
     * Adds the trades of a minute, or of the rest of one, to the figures alone; its bar is among the deferred ones.
     *
     * @param bought the shares that buyers took; sellers took the others
     * @param trades their number
     */
    public void addFigures(int minute, DormantStock.Walk bar, long bought, long trades) {
        int start = minute / 60 * 10_000 + minute % 60 * 100;
        int end = start + 59;
        last = bar.close;
        lastAt = end;
        if (open == 0) {
            open = bar.open;
            openAt = start;
        }
        if (bar.high > high) {
            high = bar.high;
            highAt = high == bar.open ? start : high == bar.close ? end : start + 20;
        }
        if (low == 0 || bar.low < low) {
            low = bar.low;
            lowAt = low == bar.open ? start : low == bar.close ? end : start + 40;
        }
        volume += bar.volume;
        turnover += bar.turnover;
        buyVolume += bought;
        sellVolume += bar.volume - bought;
        long buys = bar.volume == 0 ? 0 : Math.ceilDiv(trades * bought, bar.volume);
        buyCount += buys;
        sellCount += trades - buys;
    }

    /** Appends these minutes to the existing ones; they replace the previously deferred ones. */
    public void defer(Deferred more) {
        deferred = more;
    }

    /** The deferred minutes; null when all minutes are loaded. */
    public @Nullable Deferred deferred() {
        return deferred;
    }

    /** Adds trades at the closing price: they count, and are no price of the day. */
    public void addVolume(long price, long qty, int timeOfDay) {
        minutes().addVolume(minute(timeOfDay), price, qty);
        volume += qty;
        turnover += price * qty;
    }

    /** Ends the closing auction: the last price is the day's close, whatever trades later. */
    public void close() {
        close = last;
    }

    /** Starts a new business day: the close, or without one the last price, becomes the base and the figures start again. */
    public void roll() {
        rollTo(close == 0 ? last : close);
    }

    /** Starts a new business day on the base price of another venue. */
    public void rollTo(long newBase) {
        base = newBase;
        last = newBase;
        close = 0;
        open = high = low = volume = turnover = buyVolume = sellVolume = buyCount = sellCount = 0;
        openAt = highAt = lowAt = lastAt = 0;
        deferred = null;
        minutes.clear();
        recentTrades.clear();
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
                sellCount,
                close,
                playedTo);
    }

    /** Records that everything up to then is in the figures; instants must not go back. */
    public void playedTo(Instant at) {
        playedTo = at.toEpochMilli();
    }

    public void restore(Figures f) {
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
        close = f.close;
        playedTo = f.playedTo;
    }

    /** Today's minute bars. Their sums and extremes are the day's figures. */
    public Minutes minutes() {
        Deferred pending = deferred;
        if (pending != null) {
            deferred = null;
            pending.fill(minutes);
        }
        return minutes;
    }

    /** Today's minute bars without the deferred ones. */
    Minutes loadedMinutes() {
        return minutes;
    }

    /** Restores bars from before a restart, at the beginning of the day. */
    void restoreMinutes(List<Minutes.Bar> bars) {
        for (Minutes.Bar bar : bars) {
            minutes.add(bar);
            volume += bar.volume();
            last = bar.close() == 0 ? last : bar.close();
        }
    }

    /** Replaces today's minutes, deferred ones included; the figures stay. */
    public void replaceMinutes(List<Minutes.Bar> bars) {
        deferred = null;
        minutes.clear();
        bars.forEach(minutes::add);
    }

    /**
     * Makes the sum of the minutes equal to the figures: the difference was traded in the minute in which the program ended,
     * or under rules that no longer apply, and becomes one more bar.
     */
    public void completeMinutes(int minute) {
        deferred = null;
        long missing = volume;
        long missingTurnover = turnover;
        long from = 0;
        long highest = 0;
        long lowest = Long.MAX_VALUE;
        int at = minute;
        for (Minutes.Bar bar : minutes.bars()) {
            missing -= bar.volume();
            missingTurnover -= bar.turnover();
            at = Math.max(minute, bar.minute());
            if (bar.open() > 0) {
                from = bar.close();
                highest = Math.max(highest, bar.high());
                lowest = Math.min(lowest, bar.low());
            }
        }
        if (missing > 0) {
            long first = from == 0 ? open : from;
            long top = Math.max(first, last);
            long bottom = Math.min(first, last);
            minutes.add(new Minutes.Bar(
                    at,
                    first,
                    high > highest ? Math.max(high, top) : top,
                    low < lowest ? Math.min(low, bottom) : bottom,
                    last,
                    missing,
                    Math.max(missingTurnover, 0)));
        }
    }

    /** A copy of today's minute bars for one request: deferred minutes stay deferred. */
    Minutes copyOfMinutes() {
        Deferred pending = deferred;
        if (pending == null) {
            return minutes;
        }
        Minutes copy = minutes.copy();
        pending.fill(copy);
        return copy;
    }

    private static int minute(int timeOfDay) {
        return timeOfDay / 10_000 * 60 + timeOfDay / 100 % 100;
    }

    /** The base price (기준가). */
    public long base() {
        return base;
    }

    public long last() {
        return last;
    }

    /** The time of the last trade, {@code HHmmss}; 0 when there was none since the start of the day or of the program. */
    public int lastAt() {
        return lastAt;
    }

    /** The close of the regular session; 0 before it. */
    public long closingPrice() {
        return close;
    }

    /** The last price of the regular session: trades of the after-market do not move it. */
    public long regularLast() {
        return close == 0 ? last : close;
    }

    /** A wall-clock time as the number {@code HHmmss}. */
    public static int timeOfDay(LocalTime time) {
        return time.getHour() * 10_000 + time.getMinute() * 100 + time.getSecond();
    }

    /**
     * An immutable copy of a {@link Tape}.
     *
     * @param playedTo up to when the day has been traded, in milliseconds since 1970; 0 = unknown
     */
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
            long sellCount,
            long close,
            long playedTo) {}
}
