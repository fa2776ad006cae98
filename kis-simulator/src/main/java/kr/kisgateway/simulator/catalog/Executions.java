package kr.kisgateway.simulator.catalog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;
import kr.kisgateway.simulator.exchange.Minutes;

/**
 * The trades of a minute of which only the bar is stored, drawn at each request and not stored: as many as its turnover makes
 * likely, their shares add up to the bar's, the first is at its open, the last at its close, and each of its high and low is
 * traded at. They follow from the draw and the bar alone, so the trades of a completed minute are the same in every answer.
 *
 * <p>Weak spot: the current minute is drawn again as its bar grows.
 */
public final class Executions {
    /** The most trades of a minute, four a second. */
    private static final long MAX_TRADES = 240;

    private static final int SECONDS = 60;

    /** The prices of a bar: open, high, low, close. */
    private static final int CORNERS = 4;

    /**
     * One trade.
     *
     * @param second of the day
     * @param bought whether the buyer took, so that the price was the best ask; else it was the best bid
     */
    public record Execution(int second, long price, long qty, boolean bought) {}

    private final SeededDraw draw;
    private final Minutes.Bar bar;
    private final LongUnaryOperator tick;
    private final long tradeValue;

    private Executions(SeededDraw draw, Minutes.Bar bar, LongUnaryOperator tick, long tradeValue) {
        this.draw = draw;
        this.bar = bar;
        this.tick = tick;
        this.tradeValue = tradeValue;
    }

    /**
     * All trades of a minute, oldest first.
     *
     * @param draw of the stock, the day and the minute
     * @param bar with at least one share
     * @param seconds of the minute that have passed, 1 to 60
     * @param auction whether all of it is the one trade of an auction
     * @param tick in force at a price
     * @param tradeValue value of a typical trade, in the bar's units of the currency
     */
    public static List<Execution> of(
            SeededDraw draw, Minutes.Bar bar, int seconds, boolean auction, LongUnaryOperator tick, long tradeValue) {
        if (bar.volume() <= 0) {
            return List.of();
        }
        Executions drawn = new Executions(draw, bar, tick, tradeValue);
        int count = auction ? 1 : drawn.count();
        long[] prices = drawn.prices(count);
        long[] shares = drawn.shares(count);
        int[] times = auction ? new int[] {0} : drawn.times(count, Math.clamp(seconds, 1, SECONDS));
        List<Execution> trades = new ArrayList<>(count);
        boolean bought = bar.close() >= bar.open();
        for (int i = 0; i < count; i++) {
            long step = i == 0 ? 0 : prices[i] - prices[i - 1];
            bought = step == 0 ? draw.with("side").with(i).below(4) == 0 ? !bought : bought : step > 0;
            trades.add(new Execution(bar.minute() * SECONDS + times[i], prices[i], shares[i], bought));
        }
        return trades;
    }

    /** The number of trades: enough for the bar's prices, and no more than there are shares. */
    private int count() {
        long usual = bar.turnover() / tradeValue;
        long likely = 1 + usual * draw.with("count").between(60, 140) / 100;
        return (int) Math.min(bar.volume(), Math.clamp(likely, corners().length, MAX_TRADES));
    }

    /** The prices that must be among the trades, in their order. */
    private long[] corners() {
        long[] corners = new long[CORNERS];
        int count = 0;
        corners[count++] = bar.open();
        boolean highFirst = draw.with("high first").below(2) == 0;
        for (boolean high : new boolean[] {highFirst, !highFirst}) {
            long price = high ? bar.high() : bar.low();
            if (price != bar.open() && price != bar.close()) {
                corners[count++] = price;
            }
        }
        if (count > 1 || bar.close() != bar.open()) {
            corners[count++] = bar.close();
        }
        return Arrays.copyOf(corners, count);
    }

    /** Prices from corner to corner in ticks, with some noise. */
    private long[] prices(int count) {
        long[] corners = corners();
        if (count < corners.length) {
            // Fewer shares than prices: the last ones, so that the close is unchanged.
            return Arrays.copyOfRange(corners, corners.length - count, corners.length);
        }
        long[] prices = new long[count];
        int from = 0;
        prices[0] = corners[0];
        for (int i = 1; i < corners.length; i++) {
            int last = count - (corners.length - i);
            int to = i == corners.length - 1
                    ? count - 1
                    : (int) draw.with("corner").with(i).between(from + 1, from + 1 + (last - from - 1) / 2);
            for (int j = from + 1; j < to; j++) {
                prices[j] = near(corners[i - 1] + (corners[i] - corners[i - 1]) * (j - from) / (to - from), j);
            }
            prices[to] = corners[i];
            from = to;
        }
        for (int j = from + 1; j < count; j++) {
            prices[j] = j == count - 1 ? bar.close() : near(bar.close(), j);
        }
        return prices;
    }

    private long near(long price, int index) {
        long step = tick.applyAsLong(price);
        long on = price - price % step + draw.with("step").with(index).between(-1, 1) * step;
        return Math.clamp(on, bar.low(), bar.high());
    }

    /** Quantities: mostly small and a few large ones, at least one share each. */
    private long[] shares(int count) {
        double[] weights = new double[count];
        double all = 0;
        for (int i = 0; i < count; i++) {
            double lot = draw.with("lot").with(i).signed();
            weights[i] = 0.05 + Math.abs(lot * lot * lot);
            all += weights[i];
        }
        long[] shares = new long[count];
        long spare = bar.volume() - count;
        long left = spare;
        for (int i = 0; i < count; i++) {
            long part = Math.min(left, (long) (spare * (weights[i] / all)));
            shares[i] = 1 + part;
            left -= part;
        }
        shares[(int) draw.with("rest").below(count)] += left;
        return shares;
    }

    private int[] times(int count, int seconds) {
        int[] times = new int[count];
        for (int i = 0; i < count; i++) {
            times[i] = (int) draw.with("time").with(i).below(seconds);
        }
        Arrays.sort(times);
        return times;
    }
}
