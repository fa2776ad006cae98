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
 * Where one stock is traded on one venue, as its {@link Agents} know it: the book, the day's figures, what the stock is
 * worth to them, what they have in the book, their dice and when they act next.
 *
 * <p>Prices are whole units of the market's own currency (won, or ten-thousandths of a dollar); which of them are valid says
 * {@link Ticks}, and between which the day may move {@link #setLimits}. What is special to a market (phases, halts, orders of
 * users that wait for something) stays with its stock.
 */
public final class StockBook {
    /** Which prices a market allows. */
    public interface Ticks {
        long tick(long price);

        /** The next valid price above. */
        long up(long price);

        /** The next valid price below; 0 when there is none. */
        long down(long price);

        /** The highest valid price that is not above {@code price}, or the lowest valid one. */
        long snapDown(long price);
    }

    /** What a stock is worth to the agents of all its venues, which keeps its prices together. */
    private static final class FairPrice {
        private long price;
    }

    /** Trend followers remember about 2 to this power of actions. */
    private static final int TREND_SHIFT = 6;

    private final Ticks ticks;
    private final MatchingBook book = new MatchingBook();
    private final Tape tape;
    private final FairPrice fair;
    private final long levelValue;
    private final NavigableMap<Long, Long> askQuotes = new TreeMap<>();
    private final NavigableMap<Long, Long> bidQuotes = new TreeMap<>();
    /** What agents have in the auction that collects. */
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

    /** @param levelValue what a market maker shows at a level on average, in units of the currency */
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

    /** The limits of the day; a market without any does not call this. */
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

    /** {@code price} kept so far inside the limits that both sides can always be quoted, on a valid tick. */
    public long clamp(long price) {
        long highest = upper - 3 * tick(upper);
        long lowest = lower + 3 * tick(lower);
        // Penny stocks: the whole range may be narrower than that.
        return highest < lowest ? Math.clamp(price, lower, upper) : ticks.snapDown(Math.clamp(price, lowest, highest));
    }

    // ---- what it is worth ------------------------------------------------------------------------------------------

    /** What the stock is worth to its agents: the best bid of a ladder that is in place. */
    public long fairPrice() {
        return fair.price;
    }

    /** Lets the agents see the worth at {@code price}, inside the limits. */
    public void setFairPrice(long price) {
        fair.price = clamp(price);
    }

    /**
     * Takes notice of a user's trade: one that walked through a level moves the fair price with it, one that a level had
     * enough for leaves it, or many small buys would lift the market a tick each.
     */
    public void followTrade(Side aggressor, long price) {
        long level = price - price % tick(price);
        setFairPrice(aggressor == Side.BUY ? Math.max(fair.price, down(level)) : Math.min(fair.price, level));
    }

    // ---- what agents have in the book ------------------------------------------------------------------------------

    long nextId() {
        return --agentIds;
    }

    /** Shares that a market maker shows at a level on average. */
    long levelShares(long price) {
        return activity.level() > 0 ? activity.level() : Math.max(1, levelValue / price);
    }

    /** Shares that an order for an auction is about. */
    long auctionShares() {
        return Math.max(1, activity.level() > 0 ? activity.level() / 4 : levelValue / (4 * fair.price));
    }

    /** How busy it is, until this is called again. */
    public void activity(ActivityRate newActivity) {
        activity = newActivity;
    }

    public ActivityRate activity() {
        return activity;
    }

    // ---- what trend followers see ----------------------------------------------------------------------------------

    /** 1 when the last price lies above what it has been for the last hundred actions or so, -1 below. */
    int trend() {
        long deviation = tape.last() - (trendAverage >> TREND_SHIFT);
        return Math.abs(deviation) < tick(tape.last()) ? 0 : Long.signum(deviation);
    }

    void updateTrend() {
        trendAverage = trendAverage == 0
                ? tape.last() << TREND_SHIFT
                : trendAverage + tape.last() - (trendAverage >> TREND_SHIFT);
    }

    /** Whether anybody has anything in the book. */
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

    /** Cancels the quotes on the wrong side of {@code edge} and those that fell out of the ladder's reach. */
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

    // ---- when they act ---------------------------------------------------------------------------------------------

    /** When the agents act next; of meaning while {@link #isScheduled}. */
    public Instant next() {
        return next;
    }

    /** Whether the agents have an appointment; a pit without one sleeps. */
    public boolean isScheduled() {
        return scheduled;
    }

    /** Makes the next appointment: {@code perSecond} of them on average. */
    public void schedule(Instant from, double perSecond) {
        next = from.plusNanos((long) (1e9 / perSecond * (0.5 + random.nextDouble())));
        scheduled = true;
    }

    /** The appointment is over, or is missed until {@code later}. */
    public void unschedule() {
        scheduled = false;
    }

    /** Whether somebody has shown interest lately. */
    public boolean isOfInterest(Instant at) {
        return interestUntil.isAfter(at);
    }

    /** Notes that somebody is interested until then. */
    public void extendInterest(Instant until) {
        interestUntil = until;
    }
}
