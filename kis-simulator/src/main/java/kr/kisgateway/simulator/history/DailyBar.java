package kr.kisgateway.simulator.history;

import java.time.LocalDate;
import kr.kisgateway.simulator.exchange.Tape;

/**
 * A bar of a product's day, week, month or year.
 *
 * @param date the day; of a longer period its first trading day
 * @param base the close before
 * @param volume pieces traded
 * @param turnover the sum of the prices of all pieces, in the unit of a price
 */
public record DailyBar(
        LocalDate date, long base, long open, long high, long low, long close, long volume, long turnover) {
    /** The bar of a trading day that is over. Trades at the closing price alone have a volume and no prices. */
    public static DailyBar of(LocalDate date, Tape tape) {
        Tape.Figures day = tape.figures();
        boolean priced = day.open() > 0;
        return new DailyBar(
                date,
                day.base(),
                priced ? day.open() : day.base(),
                priced ? day.high() : day.base(),
                priced ? day.low() : day.base(),
                tape.regularLast(),
                day.volume(),
                day.turnover());
    }

    /** The bar of today so far; before the first trade all prices are the last one. */
    public static DailyBar soFar(LocalDate date, Tape.Figures f) {
        return f.open() == 0
                ? new DailyBar(date, f.base(), f.last(), f.last(), f.last(), f.last(), f.volume(), f.turnover())
                : new DailyBar(date, f.base(), f.open(), f.high(), f.low(), f.last(), f.volume(), f.turnover());
    }

    /** The bar of a day without trades: the price is unchanged. */
    static DailyBar withoutTrades(LocalDate date, long base) {
        return new DailyBar(date, base, base, base, base, base, 0, 0);
    }

    /** The difference from the close before. */
    public long change() {
        return close - base;
    }

    /** This bar after another close. */
    DailyBar withBase(long close) {
        return new DailyBar(date, close, open, high, low, this.close, volume, turnover);
    }

    /** This bar and the following one as a single bar. */
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
