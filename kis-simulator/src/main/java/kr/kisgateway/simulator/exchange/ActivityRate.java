package kr.kisgateway.simulator.exchange;

import kr.kisgateway.market.Instrument;

/**
 * The activity of a stock: how often its agents act and how much they trade.
 *
 * @param perSecond actions
 * @param take 1/1024 shares taken in an action, on average; 0 = a part of the offered quantity
 * @param level shares that a market maker quotes at a level, on average; 0 = the default of {@link StockBook}
 * @param moves of ten thousand actions those that move the fair price of the stock by a tick
 * @param auction shares that are bought and sold in every auction; 0 = a quarter of a level
 */
public record ActivityRate(double perSecond, long take, long level, long moves, long auction) {
    /** A level is the day's volume divided by this, and enough for some takes. */
    private static final long LEVELS_OF_A_DAY = 1_000;

    private static final long TAKES = 10;

    /** Turnover in won for which a stock has one action a second; four times as much is two. The busiest have some 30. */
    private static final double TURNOVER_OF_ONE_A_SECOND = 5.5e9;

    /** The base rate for which {@link #TURNOVER_OF_ONE_A_SECOND} is defined. */
    private static final double DEFAULT_RATE = 4;

    private static final long MOVES = 3_600;
    private static final double MIN_PER_SECOND = 1.0 / 60;
    private static final long MINUTES_OF_A_DAY = 390;

    /** The same requested rate for every stock. */
    public static ActivityRate even(double perSecond) {
        return new ActivityRate(perSecond, 0, 0, MOVES, 0);
    }

    /**
     * The rate by the stock's turnover in the listing and the time of day.
     *
     * @param baseRate actions a second for the typical number of trades; more make more and smaller ones
     * @param share millionths of the day's volume that belong to this minute; 0 during auctions
     * @param movement how far the price moves in a minute, in hundredths of a tick
     */
    static ActivityRate of(Instrument instrument, double baseRate, long share, long movement) {
        return of(instrument.volume(), instrument.turnover(), baseRate, share, movement);
    }

    /**
     * The rate of any stock.
     *
     * @param volume shares of a typical day
     * @param turnover of that day in won
     */
    public static ActivityRate of(long volume, double turnover, double baseRate, long share, long movement) {
        double activity = Math.sqrt(turnover / TURNOVER_OF_ONE_A_SECOND) * baseRate / DEFAULT_RATE;
        double perSecond =
                Math.max(MIN_PER_SECOND, share == 0 ? activity / 4 : activity * share * MINUTES_OF_A_DAY / 1_000_000);
        long ofMinute = share == 0 ? 1_000_000 / MINUTES_OF_A_DAY : share;
        double take = volume
                * (double) ofMinute
                / 1_000_000
                / 60
                / Math.max(MIN_PER_SECOND, share == 0 ? activity : perSecond);
        // A walk in steps of a tick moves by the root of their number, so many of them a minute make this movement.
        long moves = (long) (movement * movement / (60 * perSecond));
        return new ActivityRate(
                perSecond, Math.max(1, (long) (take * 1_024)), level(volume, take), Math.clamp(moves, 1, MOVES), 0);
    }

    /** The average shares of a level of a stock's book. */
    public static long level(long dailyVolume, double take) {
        return 1 + Math.max(dailyVolume / LEVELS_OF_A_DAY, (long) (take * TAKES));
    }

    /** This rate at the end of an auction that has a share of the day. */
    ActivityRate ending(Instrument instrument, long share) {
        return new ActivityRate(perSecond, take, level, moves, Math.max(1, instrument.volume() * share / 1_000_000));
    }
}
