package kr.kisgateway.simulator.exchange;

/**
 * A trading date of a market on one venue in minutes: the distribution of a typical day's volume, in millionths of the
 * listing's. Each market fills it from its hours.
 */
public abstract class Timetable {
    public static final int MINUTES = 1_440;

    /** Millionths that a day without an opening auction trades at the start of its first minute. */
    protected static final long FIRST_MINUTE = 30_000;

    /** How far the price moves in that minute, in widths of a day. */
    protected static final double FIRST_MOVE = 0.3;

    protected final long[] shares = new long[MINUTES];
    protected final double[] roots = new double[MINUTES];
    private final long first;

    /** @param first minute of the date, by the market's {@link MarketClock} */
    protected Timetable(long first) {
        this.first = first;
    }

    /** The first minute of the date, in minutes since 1970. */
    public final long first() {
        return first;
    }

    /** The first minute after the date. */
    public final long end() {
        return first + MINUTES;
    }

    /** The index of a minute in the date. */
    protected final int index(long minute) {
        return (int) (minute - first);
    }

    private boolean contains(long minute) {
        return minute >= first && minute < end();
    }

    /** Millionths of the day's volume that trade continuously in a minute; 0 when the venue does not trade then. */
    public final long share(long minute) {
        return contains(minute) ? shares[index(minute)] : 0;
    }

    /** How far a price moves in a minute, in standard deviations of the day: the root of the minute's volume. */
    public final double root(long minute) {
        return contains(minute) ? roots[index(minute)] : 0;
    }

    /** The minute of a minute of the date by the clock on the wall, from 0 to 1439. */
    public abstract int minuteOfDay(long minute);
}
