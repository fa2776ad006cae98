package kr.kisgateway.simulator.exchange;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import kr.kisgateway.market.Side;

/**
 * One stock on one venue for its {@link Agents}: the book, the day's figures, the fair price, the agents' orders, their random
 * state and their next action.
 *
 * <p>Prices are whole units of the market's own currency (won, or ten-thousandths of a dollar); {@link Ticks} defines the valid
 * ones, {@link #setLimits} the day's limits. Parts that only one market has (phases, halts, waiting orders of users) belong to
 * its stock.
 */
public final class StockBook {
    /** The valid prices of a market. */
    public interface Ticks {
        long tick(long price);

        /** The next valid price above. */
        long up(long price);

        /** The next valid price below; 0 when there is none. */
        long down(long price);

        /** The highest valid price that is not above {@code price}, or the lowest valid one. */
        long snapDown(long price);
    }

    /** The fair price for the agents of all venues, which keeps a stock's prices together. */
    private static final class FairPrice {
        private long price;
    }

    /** The memory of trend followers: about 2 to this power of actions. */
    private static final int TREND_SHIFT = 6;

    private final Ticks ticks;
    private final MatchingBook book = new MatchingBook();
    private final Tape tape;
    private final FairPrice fair;
    private final long levelValue;
    private final NavigableMap<Long, Long> askQuotes = new TreeMap<>();
    private final NavigableMap<Long, Long> bidQuotes = new TreeMap<>();
    /** The agents' orders in the current auction. */
    private final Deque<Long> auctionOrders = new ArrayDeque<>();

    final SplittableRandom random;
    private long upper = Long.MAX_VALUE / 4;
    private long lower = 1;
    private long agentIds;

    private ActivityRate activity = ActivityRate.even(1);
    private long trendAverage;

    boolean scheduled;
    Instant next = Instant.MAX;
    Instant interestUntil = Instant.MIN;

    /** @param levelValue the average value that a market maker quotes at a level, in units of the currency */
    public StockBook(Ticks ticks, Tape tape, long levelValue, long seed) {
        this(ticks, tape, levelValue, new FairPrice(), seed);
    }

    /** The same stock on another venue: both have one fair price. */
    public StockBook(StockBook main, Tape tape, long seed) {
        this(main.ticks, tape, main.levelValue, main.fair, seed);
    }

    private StockBook(Ticks ticks, Tape tape, long levelValue, FairPrice fair, long seed) {
        this.ticks = ticks;
        this.tape = tape;
        this.levelValue = levelValue;
        this.fair = fair;
        this.random = new SplittableRandom(seed);
    }

    public MatchingBook book() {
        return book;
    }

    public Tape tape() {
        return tape;
    }

    /** Sets the limits of the day; a market without any does not call this. */
    public void setLimits(long newUpper, long newLower) {
        upper = newUpper;
        lower = newLower;
    }

    public long upper() {
        return upper;
    }

    public long lower() {
        return lower;
    }

    public long tick(long price) {
        return ticks.tick(price);
    }

    public long up(long price) {
        return ticks.up(price);
    }

    public long down(long price) {
        return ticks.down(price);
    }

    /** The highest valid price that is not above {@code price}, or the lowest valid one. */
    public long snapDown(long price) {
        return ticks.snapDown(price);
    }

    /** {@code price} on a valid tick, far enough inside the limits that both sides can always be quoted. */
    public long clamp(long price) {
        long highest = upper - 3 * tick(upper);
        long lowest = lower + 3 * tick(lower);
        // Penny stocks: the whole range may be narrower than that.
        return highest < lowest ? Math.clamp(price, lower, upper) : ticks.snapDown(Math.clamp(price, lowest, highest));
    }

    // ---- fair price ------------------------------------------------------------------------------------------------

    /** The fair price of its agents: the best bid of a complete ladder. */
    public long fairPrice() {
        return fair.price;
    }

    /** Sets the fair price to {@code price}, inside the limits. */
    public void setFairPrice(long price) {
        fair.price = clamp(price);
    }

    /**
     * Adapts the fair price to a user's trade: one that walked through a level moves it, one that the level absorbed does not,
     * or many small buys would lift the market a tick each.
     */
    public void followTrade(Side aggressor, long price) {
        long level = price - price % tick(price);
        setFairPrice(aggressor == Side.BUY ? Math.max(fair.price, down(level)) : Math.min(fair.price, level));
    }

    // ---- orders of agents ------------------------------------------------------------------------------------------

    long nextId() {
        return --agentIds;
    }

    /** The average shares that a market maker quotes at a level. */
    long levelShares(long price) {
        return activity.level() > 0 ? activity.level() : Math.max(1, levelValue / price);
    }

    /** The typical shares of an order for an auction. */
    long auctionShares() {
        return Math.max(1, activity.level() > 0 ? activity.level() / 4 : levelValue / (4 * fair.price));
    }

    /** Sets the activity until the next call. */
    public void activity(ActivityRate newActivity) {
        activity = newActivity;
    }

    public ActivityRate activity() {
        return activity;
    }

    // ---- trend -----------------------------------------------------------------------------------------------------

    /** 1 when the last price lies above its average over the last hundred actions or so, -1 below. */
    int trend() {
        long deviation = tape.last() - (trendAverage >> TREND_SHIFT);
        return Math.abs(deviation) < tick(tape.last()) ? 0 : Long.signum(deviation);
    }

    void updateTrend() {
        trendAverage = trendAverage == 0
                ? tape.last() << TREND_SHIFT
                : trendAverage + tape.last() - (trendAverage >> TREND_SHIFT);
    }

    /** Whether agents have no orders in the book. */
    public boolean isEmpty() {
        return book.best(Side.BUY) == 0 && book.best(Side.SELL) == 0;
    }

    /** The market makers' open quantity at a price. */
    long quotes(Side side, long price) {
        Long id = quotes(side).get(price);
        return id == null ? 0 : book.remaining(id);
    }

    void recordQuote(Side side, long price, long id) {
        quotes(side).put(price, id);
    }

    /** Cancels the quotes on the wrong side of {@code edge} and those outside the ladder's range. */
    void dropQuotes(Side side, long edge, LongConsumer cancel) {
        NavigableMap<Long, Long> quotes = quotes(side);
        var misplaced = side == Side.SELL ? quotes.headMap(edge, true) : quotes.tailMap(edge, false);
        misplaced.values().forEach(cancel::accept);
        misplaced.clear();
        while (quotes.size() > 2 * Agents.LADDER) {
            cancel.accept((side == Side.SELL ? quotes.pollLastEntry() : quotes.pollFirstEntry()).getValue());
        }
    }

    /** Cancels every quote of the market makers. */
    public void dropAllQuotes(LongConsumer cancel) {
        for (NavigableMap<Long, Long> quotes : List.of(askQuotes, bidQuotes)) {
            quotes.values().forEach(cancel::accept);
            quotes.clear();
        }
    }

    private NavigableMap<Long, Long> quotes(Side side) {
        return side == Side.SELL ? askQuotes : bidQuotes;
    }

    Deque<Long> auctionOrders() {
        return auctionOrders;
    }

    // ---- schedule --------------------------------------------------------------------------------------------------

    /** The agents' next action; meaningful while {@link #isScheduled}. */
    public Instant next() {
        return next;
    }

    /** Whether the agents have a scheduled action; a book without one sleeps. */
    public boolean isScheduled() {
        return scheduled;
    }

    /** Schedules the next action: {@code perSecond} of them on average. */
    public void schedule(Instant from, double perSecond) {
        next = from.plusNanos((long) (1e9 / perSecond * (0.5 + random.nextDouble())));
        scheduled = true;
    }

    /** Removes the scheduled action, which is done or missed. */
    public void unschedule() {
        scheduled = false;
    }

    /** Whether the stock was requested recently. */
    public boolean isOfInterest(Instant at) {
        return interestUntil.isAfter(at);
    }

    /** Records interest in the stock until then. */
    public void extendInterest(Instant until) {
        interestUntil = until;
    }
}
