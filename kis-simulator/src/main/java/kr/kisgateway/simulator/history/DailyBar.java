package kr.kisgateway.simulator.history;

import java.time.LocalDate;

/**
 * A day of a thing, or a week, month or year of it.
 *
 * @param date the day; of a longer time its first trading day
 * @param base the close before
 * @param volume pieces traded
 * @param turnover the prices of all of them together, in the unit of a price
 */
public record DailyBar(
        LocalDate date, long base, long open, long high, long low, long close, long volume, long turnover) {
    /** A day on which nothing traded: the price stays. */
    static DailyBar withoutTrades(LocalDate date, long base) {
        return new DailyBar(date, base, base, base, base, base, 0, 0);
    }

    /** How far the close lies from the close before. */
    public long change() {
        return close - base;
    }

    /** The same after another close. */
    DailyBar withBase(long close) {
        return new DailyBar(date, close, open, high, low, this.close, volume, turnover);
    }

    /** This and what came right after it as one bar. */
    DailyBar mergedWith(DailyBar later) {
        return new DailyBar(
                date,
                base,
                open,
                Math.max(high, later.high),
                Math.min(low, later.low),
                later.close,
                volume + later.volume,
                turnover + later.turnover);
    }
}
