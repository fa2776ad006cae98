package kr.kisgateway.simulator.exchange;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.LongStream;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.PhaseWindow;
import kr.kisgateway.market.PriceLimits;
import kr.kisgateway.market.PriceRules;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/**
 * One active stock on one venue: its books, its day's figures, its price limits, its phase, and the state of its agents.
 */
public final class Stock extends ActiveStock {
    /** Independent sequences of phases with ends of their own. */
    enum Track {
        BOOK,
        CLOSE_PRICE
    }

    /** The average value in won that a market maker quotes at a level. */
    private static final long LEVEL_VALUE = 30_000_000;

    private static final PhaseWindow NOT_STARTED = new PhaseWindow(Phase.CLOSED, Instant.MIN, Instant.MAX);

    private final Instrument instrument;
    private final Venue venue;
    /** The same stock on KRX; itself there. */
    private final Stock main;

    private final KrxTicks ticks;

    private LocalDate day;
    private final MatchingBook closePriceBook = new MatchingBook();
    final WaitingOrders stops = new WaitingOrders();
    final WaitingOrders mids = new WaitingOrders();
    private PhaseWindow session = NOT_STARTED;
    private PhaseWindow closePrice = NOT_STARTED;
    private Phase phase = Phase.CLOSED;
    /** The number of the planned phase change of each track that still counts. */
    final long[] plannedChanges = new long[Track.values().length];

    Instant haltedUntil = Instant.MIN;
    /** The number of interruptions while dormant today. */
    int interruptions;

    /** While dormant: average shares of a level of its book; 0 = it has no book then. */
    long dormantLevel;

    private boolean caughtUp;
    boolean triggeringStops;

    /** A stock on KRX. */
    Stock(Instrument instrument, LocalDate day, long seed) {
        this(instrument, day, key(seed, instrument.symbol().hashCode()), new KrxTicks(instrument.product(), day));
    }

    private Stock(Instrument instrument, LocalDate day, long key, KrxTicks ticks) {
        super(
                MarketClock.KOREA,
                // The base is the real close as it is; trading starts on the nearest valid tick.
                new StockBook(
                        ticks, new Tape(instrument.close(), PriceRules.startPrice(instrument, day)), LEVEL_VALUE, key),
                key,
                instrument.volume(),
                Volatility.ofDay(instrument),
                1);
        this.instrument = instrument;
        this.venue = Venue.KRX;
        this.main = this;
        this.day = day;
        this.ticks = ticks;
        updateLimits();
        stockBook.setFairPrice(tape().last());
    }

    /** The same stock on another venue, where the base price is that of KRX. */
    Stock(Stock main, Venue venue, long seed) {
        this(main, venue, key(seed, main.symbol().hashCode()) + 31L * venue.ordinal(), main.ticks);
    }

    private Stock(Stock main, Venue venue, long key, KrxTicks ticks) {
        super(
                MarketClock.KOREA,
                new StockBook(
                        main.stockBook,
                        new Tape(
                                main.tape().base(),
                                main.stockBook.snapDown(main.tape().base())),
                        key),
                key,
                main.instrument.volume(),
                Volatility.ofDay(main.instrument),
                1);
        this.instrument = main.instrument;
        this.venue = venue;
        this.main = main;
        this.day = main.day;
        this.ticks = ticks;
        updateLimits();
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

    /** The phase of the book, interruptions and halts of this stock included. */
    public Phase phase() {
        return phase;
    }

    /** The phase of the venue by its hours; the stock itself may be interrupted or halted. */
    public Phase session() {
        return session.phase();
    }

    /** The phase of trading at the closing price. */
    public Phase closePricePhase() {
        return closePrice.phase();
    }

    /** The queue of orders at the closing price, of today or of the day before. */
    public MatchingBook closePriceBook() {
        return closePriceBook;
    }

    /** The price of trading at the closing price: in the morning the close of the day before, then that of the day. */
    public long closePrice() {
        return closePrice.phase() == Phase.PREVIOUS_CLOSE ? tape().base() : tape().regularLast();
    }

    /** The expected auction result; quantity 0 outside auctions or when orders do not cross. */
    public Auction.Match expected() {
        long reference = auctionReference();
        return phase.isAuction() ? book().match(reference) : new Auction.Match(reference, 0);
    }

    /**
     * The visible levels in KIS's order. During an auction, or a halt within one, the book is shown without the shares that the
     * auction would trade, so that it never appears crossed [assumed].
     */
    public long[] visible() {
        if (hasDormantBook()) {
            return dormantBook();
        }
        return phase.isContinuous()
                ? book().visible()
                : book().visible(book().match(auctionReference()).qty());
    }

    /**
     * Shares on a side of the book.
     *
     * @param visible the current {@link #visible}
     */
    public long total(Side side, long[] visible) {
        return hasDormantBook()
                ? LongStream.of(visible)
                        .skip((side == Side.SELL ? 2L : 3L) * OrderBook.LEVELS)
                        .limit(OrderBook.LEVELS)
                        .sum()
                : book().total(side);
    }

    /** Whether it has no quotes yet: its book then shows what the agents would quote. */
    private boolean hasDormantBook() {
        return dormantLevel > 0 && phase.isContinuous() && !stockBook.scheduled && stockBook.isEmpty();
    }

    private long[] dormantBook() {
        long[] levels = new long[4 * OrderBook.LEVELS];
        long bid = stockBook.snapDown(Math.clamp(tape().last(), lower(), upper()));
        long ask = stockBook.up(bid);
        for (int i = 0; i < OrderBook.LEVELS; i++) {
            if (ask <= upper()) {
                levels[i] = ask;
                levels[2 * OrderBook.LEVELS + i] = dormant.depth(dormantLevel, nextMinute, i);
                ask = stockBook.up(ask);
            }
            if (bid >= lower() && bid > 0) {
                levels[OrderBook.LEVELS + i] = bid;
                levels[3 * OrderBook.LEVELS + i] = dormant.depth(dormantLevel, nextMinute, -1 - i);
                bid = stockBook.down(bid);
            }
        }
        return levels;
    }

    /** The price between best bid and best ask, in whole won; 0 without both. */
    public long mid() {
        long bid = book().best(Side.BUY);
        long ask = book().best(Side.SELL);
        return bid == 0 || ask == 0 || !phase.isContinuous() ? 0 : (bid + ask) / 2;
    }

    /** The shares of one of today's minutes that buyers took, as far as it was not traded order by order. */
    public long bought(Minutes.Bar bar) {
        return dormant.bought(
                bar.open(), bar.close(), bar.volume(), day.toEpochDay() * Timetable.MINUTES + bar.minute());
    }

    /** Shares of mid-price orders of a side. */
    public long midTotal(Side side) {
        return mids.total(side);
    }

    /** The reference price of static interruptions. */
    public long interruptionReference() {
        return staticReference != 0 ? staticReference : tape().base();
    }

    /** The last price, on a valid tick inside the limits. */
    long auctionReference() {
        return PriceRules.snapDown(instrument.product(), Math.clamp(tape().last(), lower(), upper()), day);
    }

    void enter(PhaseWindow window) {
        session = window;
        phase = window.phase();
    }

    void enterClosePrice(PhaseWindow window) {
        closePrice = window;
    }

    /** Sets a phase of the stock that differs from its venue's. */
    void enterStockPhase(Phase stockPhase) {
        phase = stockPhase;
    }

    /** When the last order of the book arrived: {@code now} while the venue accepts orders, else when it accepted the last. */
    public Instant bookTime(Instant now) {
        return session.phase() == Phase.CLOSED || session.phase() == Phase.BREAK ? session.from() : now;
    }

    Instant sessionEnd() {
        return session.until();
    }

    Instant sessionStart() {
        return session.from();
    }

    /** The upper price limit of the day (상한가) in won. */
    public long upper() {
        return stockBook.upper();
    }

    /** The lower price limit of the day (하한가) in won. */
    public long lower() {
        return stockBook.lower();
    }

    /** The tick (호가단위) in force at {@code price}. */
    public long tick(long price) {
        return stockBook.tick(price);
    }

    @Override
    protected void caughtUp() {
        caughtUp = true;
        super.caughtUp();
    }

    /** Unless the stock's trades on KRX lead the fair price. */
    @Override
    protected void resetFairPrice() {
        if (this == main || !main.stockBook.isScheduled() && !main.phase.isContinuous()) {
            super.resetFairPrice();
        }
    }

    /** Whether unattended trades changed the figures since the last call. */
    public boolean consumeCaughtUp() {
        boolean previous = caughtUp;
        caughtUp = false;
        return previous;
    }

    /** Today's minutes as far as they were traded order by order, for a restart. */
    public StoredMinutes minutesToStore(Instant now) {
        List<Minutes.Bar> bars = tape().loadedMinutes().bars();
        if (stockBook.isScheduled()) {
            return new StoredMinutes(bars, now, MarketClock.KOREA.minute(now) + 1, staticReference, pausedUntil);
        }
        return tape().deferred() instanceof CatchUp<?>.DeferredMinutes stretch
                ? stretch.startAfter(bars)
                : storedMinutes(bars);
    }

    /** Restores the minutes from before a restart, at the beginning of the day. */
    void restoreMinutes(StoredMinutes stored) {
        tape().restoreMinutes(stored.bars());
        markDormant(stored.until());
        nextMinute = stored.nextMinute();
        staticReference = stored.reference();
        pausedUntil = stored.pausedUntil();
        // It was requested today, and so its minutes stay unchanged.
        stockBook.interestUntil = stored.until();
    }

    @Override
    protected void restore(Tape.Figures figures) {
        if (this == main) {
            super.restore(figures);
        } else {
            tape().restore(figures);
            updateLimits();
        }
    }

    /** Whether it was requested after then. */
    public boolean wasOfInterest(Instant since) {
        return stockBook.isOfInterest(since);
    }

    /** Starts a new business day; KRX's stock before its twins, which take its base. */
    void rollDay(LocalDate newDay) {
        day = newDay;
        ticks.begin(newDay);
        staticReference = 0;
        pausedUntil = 0;
        interruptions = 0;
        haltedUntil = Instant.MIN;
        if (venue == Venue.KRX) {
            rollTape();
        } else {
            tape().rollTo(main.tape().base());
            updateLimits();
        }
    }

    /** Whether {@code price} lies on a valid tick. */
    public boolean isOnTick(long price) {
        return PriceRules.isOnTick(instrument.product(), price, day);
    }

    @Override
    protected void updateLimits() {
        PriceLimits limits = PriceRules.limits(instrument, tape().base(), day);
        stockBook.setLimits(limits.upper(), limits.lower());
    }
}
