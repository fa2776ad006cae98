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
 * One stock on one venue that has come to life: its books, its day's figures, its price limits, what phase it is in, and the
 * state of its agents.
 */
public final class Stock {
    /** What runs beside each other and ends at times of its own. */
    enum Track {
        BOOK,
        CLOSE_PRICE
    }

    /** Won that a market maker shows at a level on average. */
    private static final long LEVEL_VALUE = 30_000_000;

    private static final PhaseWindow NOT_YET = new PhaseWindow(Phase.CLOSED, Instant.MIN, Instant.MAX);

    private final Instrument instrument;
    private final Venue venue;
    /** The same stock on KRX; itself there. */
    private final Stock main;

    private LocalDate day;
    final Pit pit;
    private final MatchingBook closePriceBook = new MatchingBook();
    final Waiting stops = new Waiting();
    final Waiting mids = new Waiting();
    private PhaseWindow session = NOT_YET;
    private PhaseWindow closePrice = NOT_YET;
    private Phase phase = Phase.CLOSED;
    /** Which of the turns that were planned for a track still counts. */
    final long[] turns = new long[Track.values().length];

    Instant haltedUntil = Instant.MIN;
    /** The last price that an auction made; 0 = none yet. */
    long staticReference;

    /** While nobody looks: the first minute since 1970 in which it trades again after an interruption. */
    long pausedUntil;

    /** How many of those there were today. */
    int interruptions;

    final Quiet quiet;
    /** While nobody looks: up to when auctions, and from which minute on minutes, are still to be caught up with. */
    Instant playedTo = Instant.MAX;

    long nextMinute;
    /** Where the minutes that are deferred begin: the four states above as they were then. */
    private Instant stretchFrom = Instant.MAX;

    private long stretchMinute;
    private long stretchReference;
    private long stretchPausedUntil;

    /** Up to when it was last traded order by order. */
    Instant detailTo = Instant.MIN;

    /** While nobody looks: shares that a level of its book shows on average; 0 = it has no book then. */
    long dormantLevel;

    private boolean caughtUp;
    boolean lettingGo;
    boolean bookDirty;
    Instant bookTold = Instant.MIN;

    /** On KRX. */
    Stock(Instrument instrument, LocalDate day, long seed) {
        this.instrument = instrument;
        this.venue = Venue.KRX;
        this.main = this;
        this.day = day;
        // The base is the real close as it is; trading starts on the nearest valid tick.
        this.pit = new Pit(
                new Ticks(),
                new Tape(instrument.close(), PriceRules.startPrice(instrument, day)),
                LEVEL_VALUE,
                seed * 0x9E3779B97F4A7C15L + instrument.symbol().hashCode());
        this.quiet = new Quiet(
                pit,
                seed * 0x9E3779B97F4A7C15L + instrument.symbol().hashCode(),
                instrument.volume(),
                Volatility.ofDay(instrument),
                1);
        limits();
        pit.value(tape().last());
    }

    /** The same stock on another venue, where the base price is that of KRX. */
    Stock(Stock main, Venue venue, long seed) {
        this.instrument = main.instrument;
        this.venue = venue;
        this.main = main;
        this.day = main.day;
        this.pit = new Pit(
                main.pit,
                new Tape(main.tape().base(), main.pit.snapDown(main.tape().base())),
                seed * 0x9E3779B97F4A7C15L + instrument.symbol().hashCode() + 31L * venue.ordinal());
        this.quiet = new Quiet(
                pit,
                seed * 0x9E3779B97F4A7C15L + instrument.symbol().hashCode() + 31L * venue.ordinal(),
                instrument.volume(),
                Volatility.ofDay(instrument),
                1);
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
        return closePrice.phase() == Phase.PREVIOUS_CLOSE ? tape().base() : tape().regularLast();
    }

    /** What an auction would give now; quantity 0 when none collects or orders do not meet. */
    public Auction.Match expected() {
        long reference = auctionReference();
        return phase.collects() ? book().match(reference) : new Auction.Match(reference, 0);
    }

    /**
     * The visible levels in KIS's order. While orders collect, or are kept so by a halt, the book is shown without what the
     * auction would trade, so that nobody sees a crossed one [assumed].
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
     * @param visible what {@link #visible} shows now
     */
    public long total(Side side, long[] visible) {
        return hasDormantBook()
                ? LongStream.of(visible)
                        .skip((side == Side.SELL ? 2L : 3L) * OrderBook.LEVELS)
                        .limit(OrderBook.LEVELS)
                        .sum()
                : book().total(side);
    }

    /** Nobody has quoted it yet: its book is what the agents would show. */
    private boolean hasDormantBook() {
        return dormantLevel > 0 && phase.isContinuous() && !pit.scheduled && pit.isBare();
    }

    private long[] dormantBook() {
        long[] levels = new long[4 * OrderBook.LEVELS];
        long bid = pit.snapDown(Math.clamp(tape().last(), lower(), upper()));
        long ask = pit.up(bid);
        for (int i = 0; i < OrderBook.LEVELS; i++) {
            if (ask <= upper()) {
                levels[i] = ask;
                levels[2 * OrderBook.LEVELS + i] = quiet.depth(dormantLevel, nextMinute, i);
                ask = pit.up(ask);
            }
            if (bid >= lower() && bid > 0) {
                levels[OrderBook.LEVELS + i] = bid;
                levels[3 * OrderBook.LEVELS + i] = quiet.depth(dormantLevel, nextMinute, -1 - i);
                bid = pit.down(bid);
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

    /** Of the shares of one of today's minutes those that buyers took, as far as it was not traded order by order. */
    public long bought(Minutes.Bar bar) {
        return quiet.bought(bar.open(), bar.close(), bar.volume(), day.toEpochDay() * Timetable.MINUTES + bar.minute());
    }

    /** Shares of mid-price orders of a side. */
    public long midTotal(Side side) {
        return mids.total(side);
    }

    /** The price that a static interruption hangs on. */
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

    /** The stock does something else than its venue. */
    void deviate(Phase own) {
        phase = own;
    }

    /** When the last order of the book came: {@code now} while the venue takes orders, else when it took the last. */
    public Instant bookAt(Instant now) {
        return session.phase() == Phase.CLOSED || session.phase() == Phase.BREAK ? session.from() : now;
    }

    Instant sessionEnds() {
        return session.until();
    }

    Instant sessionBegan() {
        return session.from();
    }

    public MatchingBook book() {
        return pit.book();
    }

    public Tape tape() {
        return pit.tape();
    }

    /** The upper price limit of the day (상한가) in won. */
    public long upper() {
        return pit.upper();
    }

    /** The lower price limit of the day (하한가) in won. */
    public long lower() {
        return pit.lower();
    }

    /** The tick (호가단위) in force at {@code price}. */
    public long tick(long price) {
        return pit.tick(price);
    }

    /** Asks for the book to be told at the next occasion, as to a new watcher. */
    public void tellBook() {
        bookDirty = true;
        bookTold = Instant.MIN;
    }

    /** Nobody looks any more, or nobody has since then; what is before it has been traded or is lost. */
    void sleepsFrom(Instant at) {
        playedTo = at;
        detailTo = at;
        long minute = Timetable.epochMinute(at);
        nextMinute = Timetable.start(minute).isBefore(at) ? minute + 1 : minute;
    }

    /** What traded while nobody looked has changed the figures. */
    void caughtUp() {
        caughtUp = true;
        // The quotes of before are those of another price.
        pit.dropAllQuotes(book()::cancel);
        if (this == main || !main.pit.isScheduled() && !main.phase.isContinuous()) {
            pit.value(tape().last());
        }
    }

    /** Whether figures have changed while nobody looked since this was asked last. */
    public boolean takeCaughtUp() {
        boolean was = caughtUp;
        caughtUp = false;
        return was;
    }

    /** Today's minutes as far as they were traded order by order, for a restart. */
    public MinutesSoFar minutesSoFar(Instant now) {
        List<Minutes.Bar> bars = tape().minutesAtHand().bars();
        if (pit.isScheduled()) {
            return new MinutesSoFar(bars, now, Timetable.epochMinute(now) + 1, staticReference, pausedUntil);
        }
        return tape().deferred() == null
                ? new MinutesSoFar(bars, playedTo, nextMinute, staticReference, pausedUntil)
                : new MinutesSoFar(bars, stretchFrom, stretchMinute, stretchReference, stretchPausedUntil);
    }

    /** A stretch of minutes begins that are deferred. */
    void beginStretch() {
        stretchFrom = playedTo;
        stretchMinute = nextMinute;
        stretchReference = staticReference;
        stretchPausedUntil = pausedUntil;
    }

    /** Takes in the minutes of before a restart, at the beginning of the day. */
    void take(MinutesSoFar soFar) {
        tape().take(soFar.bars());
        sleepsFrom(soFar.until());
        nextMinute = soFar.nextMinute();
        staticReference = soFar.reference();
        pausedUntil = soFar.pausedUntil();
        // Somebody was interested in it today, and so its minutes stay as they were.
        pit.interestUntil = soFar.until();
    }

    void restore(Tape.Figures figures) {
        tape().restore(figures);
        limits();
        if (venue == Venue.KRX) {
            pit.value(tape().last());
        }
    }

    /** Whether somebody was interested in it after then. */
    public boolean wasWanted(Instant since) {
        return pit.isWanted(since);
    }

    /** A new business day; KRX's stock before its twins, which take its base. */
    void roll(LocalDate newDay) {
        day = newDay;
        staticReference = 0;
        pausedUntil = 0;
        interruptions = 0;
        haltedUntil = Instant.MIN;
        if (venue == Venue.KRX) {
            tape().roll();
            limits();
            pit.value(tape().last());
        } else {
            tape().rollTo(main.tape().base());
            limits();
        }
    }

    /** The day begins at another base price: that of days which the stock did not live through. */
    void beginAt(long base) {
        if (base != tape().base()) {
            tape().rollTo(base);
            limits();
            pit.value(tape().last());
        }
    }

    /** Whether {@code price} lies on a valid tick. */
    public boolean isOnTick(long price) {
        return PriceRules.isOnTick(instrument.product(), price, day);
    }

    private void limits() {
        PriceLimits limits = PriceRules.limits(instrument, tape().base(), day);
        pit.limit(limits.upper(), limits.lower());
    }

    /** The ticks of the day that it is. They grow with the price, so between two prices with the same tick there is no other. */
    private final class Ticks implements Pit.Ticks {
        private LocalDate knownOn = LocalDate.MIN;
        private long from = 1;
        private long to;
        private long known;
        private long smallest;

        @Override
        public long tick(long price) {
            if (price < from || price > to || knownOn != day) {
                look(price);
            }
            return known;
        }

        private void look(long price) {
            long there = PriceRules.tick(instrument.product(), price, day);
            boolean same = there == known && knownOn == day;
            from = same ? Math.min(from, price) : price;
            to = same ? Math.max(to, price) : price;
            if (knownOn != day) {
                smallest = PriceRules.tick(instrument.product(), 1, day);
                knownOn = day;
            }
            known = there;
        }

        @Override
        public long up(long price) {
            return PriceRules.nextUp(instrument.product(), price, day);
        }

        @Override
        public long down(long price) {
            return price <= 1 ? 0 : PriceRules.nextDown(instrument.product(), price, day);
        }

        @Override
        public long snapDown(long price) {
            long tick = tick(price);
            return Math.max(price - price % tick, smallest);
        }
    }
}
