package kr.kisgateway.simulator.exchange;

/**
 * The minutes of a stock that is not traded order by order, computed only when they are needed.
 *
 * <p>Problem: the past must be the same whenever and however often it is requested. Policy: a minute follows from the key
 * (seed, stock and venue), the minute, the price before it and the price of the last auction, and from nothing else: no random
 * state is stored. The price moves with the stock's {@link Volatility}, wider on some days, in steps whose variance follows the
 * volume of the minute, partly with the whole market; the volume is the minute's share of the day times noise of mean 1, and
 * thinly traded stocks trade in some minutes only. Weak spot: minutes share nothing but the price, so there are no runs of heavy
 * trading.
 */
public final class DormantStock {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** The standard deviation of {@link #bellCurve}. */
    private static final double SIGMA = 37_837;

    /** The furthest distance from the last auction's price where trading is really interrupted, in thousandths. */
    private static final long MAX_DEVIATION_PER_MILLE = 90;

    /** From this distance on a volatility interruption (static VI) is due, in thousandths. */
    private static final long STATIC = 100;

    /** Minutes without trades during an interruption. */
    private static final long PAUSE = 2;

    /** The weights of the market's and of the stock's own part in a move: squares sum to 1. */
    private static final double MARKET_WEIGHT = 0.35;

    private static final double OWN_WEIGHT = 0.9367;

    /** Logarithmic spread of the width of days. */
    private static final double DAY_WIDTH_SIGMA = 0.3;

    /** How far the first price of a day lies from the base, and the last auction's from the price before, in days' widths. */
    private static final double GAP = 0.27;

    private static final double CLOSING = 0.1;

    /** Below this many ticks a move is a single tick or none. */
    private static final double FINE = 0.7;

    /** One move in this many is wider by a factor: minutes have fatter tails than days. */
    private static final int FAT_TAIL_ONE_IN = 64;

    private static final double FAT_TAIL_FACTOR = 2.5;

    /** Value of a typical trade in won [assumed]. */
    public static final long TRADE_VALUE = 500_000;

    /** The state of the price between two minutes, and the trades of the last one. */
    public static final class Walk {
        public long last;
        /** The reference price of interruptions; 0 = none yet. */
        long reference;
        /** The first minute since 1970 in which it trades again. */
        long pausedUntil;

        /** Whether the last minute ended in an interruption, and its reference price. */
        boolean interrupted;

        long interruptedFrom;

        public long open;
        public long high;
        public long low;
        public long close;
        public long volume;
        public long turnover;
    }

    private final StockBook stockBook;
    private final long key;
    private final long dailyVolume;
    private final double typicalWidth;
    private final double scale;

    private long today = Long.MIN_VALUE;
    private double widthToday;

    /**
     * @param key of the seed, the stock and the venue
     * @param dailyVolume shares of a typical day, in millionths of which minutes have their shares
     * @param width standard deviation of a typical day's return
     * @param scale units of the currency for a won
     */
    public DormantStock(StockBook stockBook, long key, long dailyVolume, double width, double scale) {
        this.stockBook = stockBook;
        this.key = mix(key);
        this.dailyVolume = dailyVolume;
        this.typicalWidth = width;
        this.scale = scale;
    }

    /** The move of the whole market in a minute: about normal with variance 1. */
    public static double marketMove(long seed, long epochMinute) {
        return bellCurve(mix(mix(seed ^ 0x5DEECE66DL) ^ epochMinute * GOLDEN)) / SIGMA;
    }

    /**
     * Plays a minute of continuous trading; false when nothing traded.
     *
     * @param epochMinute minutes since 1970
     * @param share of the day's volume in millionths
     * @param root the width of the minute's move in widths of a day
     * @param market {@link #marketMove} of the minute
     * @param interrupts whether a move beyond 10 % of the reference pauses the stock, instead of being clamped
     */
    public boolean minute(Walk walk, long epochMinute, long share, double root, double market, boolean interrupts) {
        walk.interrupted = false;
        if (epochMinute < walk.pausedUntil) {
            return false;
        }
        long hash = mix(key ^ epochMinute * GOLDEN);
        double typical = dailyVolume * (double) share / 1_000_000;
        double chance = Math.min(1, typical / tradeSize());
        if (unitInterval(hash) >= chance) {
            return false;
        }
        long volume = volume(typical / chance, mix(hash + 2));
        if (volume == 0) {
            return false;
        }
        long secondHash = mix(hash + 1);
        double width = width(epochMinute) * (chance < 1 ? root / Math.sqrt(chance) : root);
        long last = walk.last;
        long tick = stockBook.tick(last);
        double ticks = last * width / tick;
        long steps = steps(ticks, market, mix(hash), secondHash);
        long close = clampPrice(walk, last + steps * tick, interrupts);
        if (interrupts && walk.reference == 0) {
            // A day without auctions starts at a price, as one with them does, not with a path to it.
            walk.last = close;
            walk.reference = close;
            trade(walk, close, volume, 0, secondHash);
            return true;
        }
        trade(walk, close, volume, ticks, secondHash);
        if (interrupts) {
            interrupt(walk, epochMinute);
        }
        return true;
    }

    /** Plays a minute of a venue that follows another, on which the minute closed at {@code price}. */
    boolean followMain(Walk walk, long epochMinute, long share, long price) {
        walk.interrupted = false;
        long hash = mix(key ^ epochMinute * GOLDEN);
        double typical = dailyVolume * (double) share / 1_000_000;
        double chance = Math.min(1, typical / tradeSize());
        long volume = unitInterval(hash) < chance ? volume(typical / chance, mix(hash + 2)) : 0;
        if (volume == 0) {
            return false;
        }
        trade(walk, Math.clamp(price, stockBook.lower(), stockBook.upper()), volume, 0, mix(hash + 1));
        return true;
    }

    /**
     * Plays an auction: {@code close} and {@code volume} of the walk are its result.
     *
     * @param opens whether it makes the first price of a day, which may lie further away
     */
    void auction(Walk walk, long epochMinute, long share, boolean opens, double market, boolean interrupts) {
        long hash = mix(key ^ ~epochMinute * GOLDEN);
        long from = opens ? stockBook.tape().base() : walk.last;
        long tick = stockBook.tick(from);
        double ticks = from * width(epochMinute) * (opens ? GAP : CLOSING) / tick;
        walk.close = clampPrice(walk, from + steps(ticks, market, mix(hash), mix(hash + 1)) * tick, interrupts);
        walk.volume = volume(dailyVolume * (double) share / 1_000_000, mix(hash + 2));
    }

    /** The shares of a minute that buyers took. */
    public long bought(Walk walk, long epochMinute) {
        return bought(walk.open, walk.close, walk.volume, epochMinute);
    }

    long bought(long open, long close, long volume, long epochMinute) {
        long percent = 35 + Math.floorMod(mix(key + epochMinute), 31);
        long tilt = Long.signum(close - open) * 10L;
        return volume * (percent + tilt) / 100;
    }

    public long trades(long shares) {
        return shares == 0 ? 0 : 1 + (long) (shares / tradeSize());
    }

    /** How far the price moves in a minute, in hundredths of a tick. */
    public long movement(long epochMinute, double root) {
        long last = stockBook.tape().last();
        return (long) (100 * last * width(epochMinute) * root / stockBook.tick(last));
    }

    /** Shares of a level of a dormant book, around {@code typical}. */
    public long depth(long typical, long epochMinute, int level) {
        long percent = 30 + Math.floorMod(mix(key ^ epochMinute * GOLDEN ^ (long) level << 32), 140);
        return Math.max(1, typical * percent / 100);
    }

    /** Standard deviation of the day's return, narrow on quiet and wide on wild days. */
    private double width(long epochMinute) {
        long day = Math.floorDiv(epochMinute, Timetable.MINUTES);
        if (day != today) {
            today = day;
            double dayFactor = bellCurve(mix(key + 2 ^ day * GOLDEN)) / SIGMA;
            widthToday = typicalWidth * StrictMath.exp(DAY_WIDTH_SIGMA * dayFactor);
        }
        return widthToday;
    }

    /** Shares of a typical trade. */
    private double tradeSize() {
        return Math.max(1, TRADE_VALUE * scale / stockBook.tape().base());
    }

    private static long steps(double ticks, double market, long hash, long secondHash) {
        double own = bellCurve(hash) / SIGMA;
        double z = MARKET_WEIGHT * market + OWN_WEIGHT * own;
        if (ticks < FINE) {
            // At the frequency that preserves the variance, which rounding would not.
            return unitInterval(secondHash) < ticks * ticks ? z > 0 ? 1 : -1 : 0;
        }
        double fat = (secondHash & FAT_TAIL_ONE_IN - 1) == 0 ? FAT_TAIL_FACTOR : 1;
        return (long) Math.rint(fat * z * Math.sqrt(ticks * ticks - 1.0 / 12));
    }

    private long clampPrice(Walk walk, long price, boolean interrupts) {
        if (interrupts) {
            return onTick(price);
        }
        long reference = walk.reference == 0 ? stockBook.tape().base() : walk.reference;
        long lowest = Math.max(stockBook.lower(), reference - reference * MAX_DEVIATION_PER_MILLE / 1_000);
        long highest = Math.min(stockBook.upper(), reference + reference * MAX_DEVIATION_PER_MILLE / 1_000);
        // A price beyond the range, where a watched market has left it, moves only towards it.
        return onTick(Math.clamp(price, Math.min(lowest, walk.last), Math.max(highest, walk.last)));
    }

    private static void interrupt(Walk walk, long epochMinute) {
        long deviation = Math.abs(walk.close - walk.reference);
        if (deviation * 1_000 >= walk.reference * STATIC) {
            walk.interrupted = true;
            walk.interruptedFrom = walk.reference;
            walk.reference = walk.close;
            walk.pausedUntil = epochMinute + 1 + PAUSE;
        }
    }

    private long onTick(long price) {
        return Math.max(stockBook.lower(), stockBook.snapDown(Math.clamp(price, stockBook.lower(), stockBook.upper())));
    }

    private void trade(Walk walk, long close, long volume, double ticks, long hash) {
        long last = walk.last;
        long open = last % stockBook.tick(last) == 0 ? Math.clamp(last, stockBook.lower(), stockBook.upper()) : close;
        walk.last = close;
        walk.open = open;
        walk.close = close;
        walk.volume = volume;
        walk.high = Math.max(open, close);
        walk.low = Math.min(open, close);
        if (volume >= 4) {
            // Inside the minute it went further than at its ends, in three of four by less than a tick more.
            long up = overshoot(ticks, hash >>> 8 & 0xFF);
            long down = overshoot(ticks, hash >>> 16 & 0xFF);
            walk.high = up == 0 ? walk.high : onTick(walk.high + up * stockBook.tick(walk.high));
            walk.low = down == 0 ? walk.low : onTick(Math.max(1, walk.low - down * stockBook.tick(walk.low - 1)));
        }
        walk.turnover = (walk.open + walk.high + walk.low + walk.close) / 4 * volume;
    }

    private static long overshoot(double ticks, long hash) {
        return (long) (ticks * hash / 512) + ((hash & 15) == 0 ? 1 : 0);
    }

    /** 1/4 + 9/4 u² over 0..1 has the mean 1; the other bits round, so that a tenth of a share is one share now and then. */
    private static long volume(double typical, long hash) {
        double u = (hash >>> 40) * 0x1p-24;
        return (long) (typical * (0.25 + 2.25 * u * u) + (hash & (1 << 24) - 1) * 0x1p-24);
    }

    private static double unitInterval(long hash) {
        return (hash >>> 40) * 0x1p-24;
    }

    /** About normal, with the standard deviation {@link #SIGMA}. */
    private static long bellCurve(long hash) {
        return (hash & 0xFFFF) + (hash >>> 16 & 0xFFFF) + (hash >>> 32 & 0xFFFF) + (hash >>> 48) - 2 * 0xFFFF;
    }

    static long mix(long z) {
        long a = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ a >>> 27) * 0x94D049BB133111EBL;
        return b ^ b >>> 31;
    }
}
