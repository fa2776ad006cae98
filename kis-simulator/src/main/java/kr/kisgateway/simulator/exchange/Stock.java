package kr.kisgateway.simulator.exchange;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.PhaseWindow;
import kr.kisgateway.market.PriceLimits;
import kr.kisgateway.market.PriceRules;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/**
 * One stock on one venue that has come to life: its books, its day's figures, its price limits, what phase it is in, and the
 * state of its agents.
 */
public final class Stock {
    /** What runs beside each other and ends at times of its own. */
    enum Track {
        BOOK,
        CLOSE_PRICE
    }

    private static final PhaseWindow NOT_YET = new PhaseWindow(Phase.CLOSED, Instant.MIN, Instant.MAX);

    private final Instrument instrument;
    private final Venue venue;
    /** The same stock on KRX; itself there. */
    private final Stock main;

    private LocalDate day;
    private final MatchingBook book = new MatchingBook();
    private final MatchingBook closePriceBook = new MatchingBook();
    final Waiting stops = new Waiting();
    final Waiting mids = new Waiting();
    private PhaseWindow session = NOT_YET;
    private PhaseWindow closePrice = NOT_YET;
    private Phase phase = Phase.CLOSED;
    private final Tape tape;
    private final NavigableMap<Long, Long> askQuotes = new TreeMap<>();
    private final NavigableMap<Long, Long> bidQuotes = new TreeMap<>();
    private long upper;
    private long lower;

    final SplittableRandom random;
    final Fair fair;
    /** Which of the turns that were planned for a track still counts. */
    final long[] turns = new long[Track.values().length];

    Instant haltedUntil = Instant.MIN;
    /** The last price that an auction made; 0 = none yet. */
    long staticReference;

    /** What agents have in the auction that collects. */
    final Deque<Long> auctionOrders = new ArrayDeque<>();

    boolean lettingGo;
    long agentIds;
    boolean scheduled;
    Instant next = Instant.MAX;
    Instant interestUntil = Instant.MIN;
    boolean bookDirty;
    Instant bookTold = Instant.MIN;

    /** On KRX. */
    Stock(Instrument instrument, LocalDate day, long seed) {
        this.instrument = instrument;
        this.venue = Venue.KRX;
        this.main = this;
        this.fair = new Fair();
        this.day = day;
        // The base is the real close as it is; trading starts on the nearest valid tick.
        this.tape = new Tape(instrument.close(), PriceRules.startPrice(instrument, day));
        this.random = new SplittableRandom(
                seed * 0x9E3779B97F4A7C15L + instrument.symbol().hashCode());
        limits();
        fair.price = clamp(tape.last());
    }

    /** The same stock on another venue, where the base price is that of KRX. */
    Stock(Stock main, Venue venue, long seed) {
        this.instrument = main.instrument;
        this.venue = venue;
        this.main = main;
        this.fair = main.fair;
        this.day = main.day;
        this.tape = new Tape(main.tape.base(), main.tape.last());
        this.random = new SplittableRandom(
                seed * 0x9E3779B97F4A7C15L + instrument.symbol().hashCode() + 31L * venue.ordinal());
        limits();
    }

    public Symbol symbol() {
        return instrument.symbol();
    }

    public Instrument instrument() {
        return instrument;
    }

    public Venue venue() {
        return venue;
    }

    /** The same stock on KRX; itself there. */
    public Stock main() {
        return main;
    }

    /** What the book does now, interruptions and halts of this stock included. */
    public Phase phase() {
        return phase;
    }

    /** What the venue does now by its hours; the stock itself may be interrupted or halted. */
    public Phase session() {
        return session.phase();
    }

    /** What trading at the closing price does now. */
    public Phase closePricePhase() {
        return closePrice.phase();
    }

    /** The queue of those who trade at the closing price, of today or of the day before. */
    public MatchingBook closePriceBook() {
        return closePriceBook;
    }

    /** What trading at the closing price trades at: in the morning the close of the day before, then that of the day. */
    public long closePrice() {
        return closePrice.phase() == Phase.PREVIOUS_CLOSE ? tape.base() : tape.regularLast();
    }

    /** What an auction would give now; quantity 0 when none collects or orders do not meet. */
    public Auction.Match expected() {
        long reference = auctionReference();
        return phase.collects() ? book.match(reference) : new Auction.Match(reference, 0);
    }

    /**
     * The visible levels in KIS's order. While orders collect, or are kept so by a halt, the book is shown without what the
     * auction would trade, so that nobody sees a crossed one [assumed].
     */
    public long[] visible() {
        return phase.isContinuous()
                ? book.visible()
                : book.visible(book.match(auctionReference()).qty());
    }

    /** The price between best bid and best ask, in whole won; 0 without both. */
    public long mid() {
        long bid = book.best(Side.BUY);
        long ask = book.best(Side.SELL);
        return bid == 0 || ask == 0 || !phase.isContinuous() ? 0 : (bid + ask) / 2;
    }

    /** Shares of mid-price orders of a side. */
    public long midTotal(Side side) {
        return mids.total(side);
    }

    /** The price that a static interruption hangs on. */
    public long interruptionReference() {
        return staticReference != 0 ? staticReference : tape.base();
    }

    /** The last price, on a valid tick inside the limits. */
    long auctionReference() {
        return PriceRules.snapDown(instrument.product(), Math.clamp(tape.last(), lower, upper), day);
    }

    void enter(PhaseWindow window) {
        session = window;
        phase = window.phase();
    }

    void enterClosePrice(PhaseWindow window) {
        closePrice = window;
    }

    /** The stock does something else than its venue. */
    void deviate(Phase own) {
        phase = own;
    }

    Instant sessionEnds() {
        return session.until();
    }

    Instant sessionBegan() {
        return session.from();
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
        if (venue == Venue.KRX) {
            fair.price = clamp(tape.last());
        }
    }

    /** A new business day; KRX's stock before its twins, which take its base. */
    void roll(LocalDate newDay) {
        day = newDay;
        staticReference = 0;
        haltedUntil = Instant.MIN;
        if (venue == Venue.KRX) {
            tape.roll();
            limits();
            fair.price = clamp(tape.last());
        } else {
            tape.rollTo(main.tape.base());
            limits();
        }
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
        long level = price - price % tick(price);
        fair.price = clamp(aggressor == Side.BUY ? Math.max(fair.price, down(level)) : Math.min(fair.price, level));
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

    /** Cancels every quote of the market makers. */
    void dropAllQuotes(LongConsumer cancel) {
        for (NavigableMap<Long, Long> quotes : List.of(askQuotes, bidQuotes)) {
            quotes.values().forEach(cancel::accept);
            quotes.clear();
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
