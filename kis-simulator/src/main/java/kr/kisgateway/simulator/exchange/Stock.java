package kr.kisgateway.simulator.exchange;

import java.time.Instant;
import java.time.LocalDate;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.PriceLimits;
import kr.kisgateway.market.PriceRules;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;

/** One stock that has come to life: its book, its day's figures, its price limits and the state of its agents. */
public final class Stock {
    private final Instrument instrument;
    private LocalDate day;
    private final MatchingBook book = new MatchingBook();
    private final Tape tape;
    private final NavigableMap<Long, Long> askQuotes = new TreeMap<>();
    private final NavigableMap<Long, Long> bidQuotes = new TreeMap<>();
    private long upper;
    private long lower;

    final SplittableRandom random;
    long reference;
    long agentIds;
    boolean scheduled;
    Instant next = Instant.MAX;
    Instant interestUntil = Instant.MIN;
    boolean bookDirty;
    Instant bookTold = Instant.MIN;

    Stock(Instrument instrument, LocalDate day, long seed) {
        this.instrument = instrument;
        this.day = day;
        // The base is the real close as it is; trading starts on the nearest valid tick.
        this.tape = new Tape(instrument.close(), PriceRules.startPrice(instrument, day));
        this.random = new SplittableRandom(
                seed * 0x9E3779B97F4A7C15L + instrument.symbol().hashCode());
        limits();
        this.reference = clamp(tape.last());
    }

    public Symbol symbol() {
        return instrument.symbol();
    }

    public Instrument instrument() {
        return instrument;
    }

    public MatchingBook book() {
        return book;
    }

    public Tape tape() {
        return tape;
    }

    /** The upper price limit of the day (상한가) in won. */
    public long upper() {
        return upper;
    }

    /** The lower price limit of the day (하한가) in won. */
    public long lower() {
        return lower;
    }

    /** The tick (호가단위) in force at {@code price}. */
    public long tick(long price) {
        return PriceRules.tick(instrument.product(), price, day);
    }

    /** Asks for the book to be told at the next occasion, as to a new watcher. */
    public void tellBook() {
        bookDirty = true;
        bookTold = Instant.MIN;
    }

    void restore(Tape.Figures figures) {
        tape.restore(figures);
        limits();
        reference = clamp(tape.last());
    }

    void roll(LocalDate newDay) {
        day = newDay;
        tape.roll();
        limits();
        reference = clamp(tape.last());
    }

    /** Whether {@code price} lies on a valid tick. */
    public boolean isOnTick(long price) {
        return PriceRules.isOnTick(instrument.product(), price, day);
    }

    long up(long price) {
        return PriceRules.nextUp(instrument.product(), price, day);
    }

    long down(long price) {
        return price <= 1 ? 0 : PriceRules.nextDown(instrument.product(), price, day);
    }

    /** {@code price} kept so far inside the limits that both sides can always be quoted. */
    long clamp(long price) {
        long highest = upper - 3 * tick(upper);
        long lowest = lower + 3 * tick(lower);
        // Penny stocks: the whole range may be narrower than that.
        return highest < lowest
                ? Math.clamp(price, lower, upper)
                : PriceRules.snapDown(instrument.product(), Math.clamp(price, lowest, highest), day);
    }

    /**
     * Takes notice of a user's trade: one that walked through a level moves the fair price with it, one that a level had
     * enough for leaves it, or many small buys would lift the market a tick each.
     */
    void movedBy(Side aggressor, long price) {
        long fair = aggressor == Side.BUY ? Math.max(reference, down(price)) : Math.min(reference, price);
        reference = clamp(fair);
    }

    /** The market makers' open quantity at a price. */
    long quotes(Side side, long price) {
        Long id = quotes(side).get(price);
        return id == null ? 0 : book.remaining(id);
    }

    void quoted(Side side, long price, long id) {
        quotes(side).put(price, id);
    }

    /** Cancels the quotes on the wrong side of {@code edge} and those that fell out of the ladder's reach. */
    void dropQuotes(Side side, long edge, LongConsumer cancel) {
        NavigableMap<Long, Long> quotes = quotes(side);
        var wrong = side == Side.SELL ? quotes.headMap(edge, true) : quotes.tailMap(edge, false);
        wrong.values().forEach(cancel::accept);
        wrong.clear();
        while (quotes.size() > 2 * Agents.LADDER) {
            cancel.accept((side == Side.SELL ? quotes.pollLastEntry() : quotes.pollFirstEntry()).getValue());
        }
    }

    private NavigableMap<Long, Long> quotes(Side side) {
        return side == Side.SELL ? askQuotes : bidQuotes;
    }

    private void limits() {
        PriceLimits limits = PriceRules.limits(instrument, tape.base(), day);
        upper = limits.upper();
        lower = limits.lower();
    }
}
