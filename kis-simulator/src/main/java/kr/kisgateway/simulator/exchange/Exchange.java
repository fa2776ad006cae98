package kr.kisgateway.simulator.exchange;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.NxtListing;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.PhaseWindow;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.market.VenueHours;
import org.jspecify.annotations.Nullable;

/**
 * All live stocks on both venues and the virtual time in which their agents act and their sessions turn.
 *
 * <p>Each stock has its next instant of action and the instants at which its phases end; {@link #advance} plays everything
 * due up to now in the order of (instant, venue, symbol), so the trades do not depend on how often the caller looks at the
 * clock. A stock sleeps when nobody has asked for it for a minute. After a pause longer than {@link #BACKLOG} (a suspended
 * machine) the missed actions are left out instead of being made up for; no turn of a session is.
 */
public final class Exchange {
    /** How much missed agent time is played at most. */
    static final Duration BACKLOG = Duration.ofSeconds(2);

    /** How long a stock trades after the last sign of interest in it. */
    static final Duration INTEREST = Duration.ofSeconds(60);

    /** The one price in the books of the closing price, which is known only later. */
    private static final long QUEUE = 1;

    /** Told of trades, of fills of users' orders (ids above 0) and of the turns of a stock, in the order they happen. */
    public interface Listener {
        void filled(Stock stock, long orderId, long price, long qty, Instant at);

        /** @param aggressor who took; empty for trades of an auction or at the closing price */
        void traded(Stock stock, long price, long qty, Optional<Side> aggressor, Instant at);

        /** Whether somebody holds the stock awake: a registration or a resting user order. */
        boolean watched(Stock stock);

        /** The stock's book, or its trading at the closing price, has gone from one phase to another. */
        void turned(Stock stock, Phase before, Phase after, Instant at);

        /** The last price has let a stop order go; the exchange no longer has it. */
        void letGo(Stock stock, long orderId, Instant at);
    }

    /** Base prices (기준가) of days that follow on days which a stock did not live through. */
    public interface BasePrices {
        /** Where no stock trades by itself the price stays. */
        BasePrices UNCHANGED = (instrument, from, close, today) -> close;

        /**
         * What became of {@code close} until {@code today}.
         *
         * @param from the first day after that close; {@link LocalDate#MIN} of a stock that never came to life
         */
        long on(Instrument instrument, LocalDate from, long close, LocalDate today);
    }

    /** The end of a phase; only the last that was planned for a track counts. */
    private record Turn(Instant at, Stock stock, Stock.Track track, long number) {}

    private static final Comparator<Stock> BY_NAME =
            Comparator.comparing(Stock::venue).thenComparing(Stock::symbol);

    private final Function<Symbol, Optional<Instrument>> instruments;
    private final VenueHours hours;
    private final MarketRules rules;
    private final NxtListing nxtListing = NxtListing.load();
    private LocalDate day;
    private Instant now;
    private final long seed;
    private final double actionsPerSecond;
    private final Map<Symbol, Tape.Figures> kept;
    private final Map<Symbol, Tape.Figures> keptNxt;
    private final Map<Symbol, MinutesSoFar> soFar = new HashMap<>();
    private final Map<Symbol, MinutesSoFar> soFarNxt = new HashMap<>();
    private final BasePrices basePrices;
    private final Map<Symbol, Stock> stocks = new TreeMap<>();
    private final Map<Symbol, Stock> nxtStocks = new TreeMap<>();
    private final Map<Symbol, Optional<Instrument>> known = new HashMap<>();
    private final InterruptionLog interruptions = new InterruptionLog();
    private Instant marketHaltedFrom = Instant.MIN;
    private Instant marketHaltedUntil = Instant.MIN;
    private boolean started;
    private Phase untimedPhase = Phase.CLOSED;
    private final PriorityQueue<Stock> due =
            new PriorityQueue<>(Comparator.comparing((Stock s) -> s.pit.next).thenComparing(BY_NAME));
    private final CatchUp catchUp;
    private final boolean quiet;
    private final Pace even;
    /** When the market of today began to trade, where its hours do not tell. */
    private Instant began;

    private final PriorityQueue<Turn> turns = new PriorityQueue<>(
            Comparator.comparing(Turn::at).thenComparing(Turn::stock, BY_NAME).thenComparing(Turn::track));

    /** The same where prices stay on days that a stock does not live through. */
    public Exchange(
            Function<Symbol, Optional<Instrument>> instruments,
            VenueHours hours,
            MarketRules rules,
            LocalDate day,
            Instant now,
            long seed,
            double actionsPerSecond,
            Map<Symbol, Tape.Figures> kept,
            Map<Symbol, Tape.Figures> keptNxt) {
        this(instruments, hours, rules, day, now, seed, actionsPerSecond, kept, keptNxt, BasePrices.UNCHANGED);
    }

    /**
     * @param hours what the venues do at which time
     * @param day the business date, for the dated rules of ticks and limits
     * @param now where its time begins
     * @param actionsPerSecond agent actions, and so about trades, a second in each live stock; 0 = no agents
     * @param kept figures of stocks that traded before the restart
     * @param keptNxt the same of NXT
     * @param basePrices of days behind those that a stock did not live through
     */
    public Exchange(
            Function<Symbol, Optional<Instrument>> instruments,
            VenueHours hours,
            MarketRules rules,
            LocalDate day,
            Instant now,
            long seed,
            double actionsPerSecond,
            Map<Symbol, Tape.Figures> kept,
            Map<Symbol, Tape.Figures> keptNxt,
            BasePrices basePrices) {
        this.basePrices = basePrices;
        this.instruments = instruments;
        this.hours = hours;
        this.rules = rules;
        this.day = day;
        this.now = now;
        this.seed = seed;
        this.actionsPerSecond = actionsPerSecond;
        this.kept = new HashMap<>(kept);
        this.keptNxt = new HashMap<>(keptNxt);
        this.catchUp = new CatchUp(hours, seed, this::randomEnd, interruptions);
        this.quiet = rules.quiet() && actionsPerSecond > 0;
        this.even = Pace.even(actionsPerSecond);
        this.began = hours.timed() ? now : morning(day, now);
    }

    /** When a date on which there is always trading began: the last midnight, also of a date that never ends. */
    private static Instant morning(LocalDate day, Instant now) {
        LocalDate today = now.atZone(TradingCalendar.SEOUL).toLocalDate();
        return CatchUp.midnight(day.isAfter(today) ? day : today);
    }

    /** The stock on KRX, with its book ready though not necessarily trading; empty when no such instrument is listed. */
    public Optional<Stock> find(Symbol symbol) {
        Optional<Stock> live = live(symbol);
        live.ifPresent(this::keepUp);
        return live;
    }

    private Optional<Stock> live(Symbol symbol) {
        Stock there = stocks.get(symbol);
        if (there != null) {
            return Optional.of(there);
        }
        return known.computeIfAbsent(symbol, instruments).map(instrument -> {
            Tape.Figures figures = kept.remove(symbol);
            Stock made = new Stock(instrument, day, seed);
            if (figures == null) {
                made.beginAt(basePrices.on(instrument, LocalDate.MIN, instrument.close(), day));
            }
            stocks.put(symbol, made);
            begin(made, figures);
            return made;
        });
    }

    /**
     * The stock on a venue; empty when it is not listed there.
     *
     * @throws IllegalArgumentException for SOR, which is no venue but a way to one
     */
    public Optional<Stock> find(Symbol symbol, Venue venue) {
        return switch (venue) {
            case KRX -> find(symbol);
            case NXT -> findNxt(symbol);
            case SOR -> throw new IllegalArgumentException("SOR has no stocks");
        };
    }

    /** Whether NXT lists the stock; nothing comes to life by asking. */
    public boolean isOnNxt(Symbol symbol) {
        return nxtListing.contains(symbol);
    }

    /**
     * Every stock of a listing on KRX and then those of them that NXT has, each brought up to now: for rankings and indices.
     */
    public List<Stock> everything(Collection<Instrument> listing) {
        return Stream.of(Venue.KRX, Venue.NXT)
                .flatMap(venue -> listing.stream().flatMap(each -> find(each.symbol(), venue).stream()))
                .toList();
    }

    private Optional<Stock> findNxt(Symbol symbol) {
        Optional<Stock> live = liveNxt(symbol);
        live.ifPresent(this::keepUp);
        return live;
    }

    private Optional<Stock> liveNxt(Symbol symbol) {
        Stock there = nxtStocks.get(symbol);
        if (there != null || !nxtListing.contains(symbol)) {
            return Optional.ofNullable(there);
        }
        return live(symbol).map(main -> {
            Stock made = new Stock(main, Venue.NXT, seed);
            nxtStocks.put(symbol, made);
            begin(made, keptNxt.remove(symbol));
            return made;
        });
    }

    /** What the venues do now, whatever a stock does. */
    public boolean anyOpen(Instant at) {
        return Stream.of(hours.book(Venue.KRX, at), hours.book(Venue.NXT, at), hours.closePrice(at))
                .anyMatch(window -> window.phase().matching() != Phase.Matching.NONE);
    }

    /** Notes interest: the agents quote at once and trade for the next minute. */
    public void wake(Stock stock, Instant at, Listener listener) {
        stock.pit.interestUntil = at.plus(INTEREST);
        rouse(stock, at, listener);
    }

    /** News: the stock's agents see it at another price, on both venues, and trade there from their next action on. */
    public void move(Stock stock, long price, Instant at, Listener listener) {
        // Asleep on KRX it would come back to what KRX's minutes bring.
        wake(stock.main(), at, listener);
        wake(stock, at, listener);
        stock.pit.value(price);
    }

    private void rouse(Stock stock, Instant at, Listener listener) {
        if (!stock.pit.scheduled && acts(stock) && actionsPerSecond > 0) {
            bring(stock, at);
            if (stock.phase().isContinuous()) {
                pace(stock, at);
                Agents.quote(stock.pit, floor(stock, at, listener));
                letStopsGo(stock, at, listener);
            }
            schedule(stock, at);
        }
    }

    private static boolean acts(Stock stock) {
        return stock.phase().collects() || stock.phase().isContinuous();
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    /** Plays every agent action and every end of a phase due up to {@code until}. */
    public void advance(Instant until, Listener listener) {
        if (!started) {
            started = true;
            goOn(until, listener);
        }
        if (!hours.timed()) {
            turnUntimed(until, listener);
        }
        Instant oldest = until.minus(BACKLOG);
        while (true) {
            Turn turn = turns.peek();
            Stock acting = due.peek();
            if (turn != null
                    && !turn.at().isAfter(until)
                    && (acting == null || !turn.at().isAfter(acting.pit.next))) {
                turns.remove();
                now = turn.at();
                if (turn.number() == turn.stock().turns[turn.track().ordinal()]) {
                    turn(turn, listener);
                }
            } else if (acting != null && !acting.pit.next.isAfter(until)) {
                due.remove();
                if (acting.pit.next.isBefore(oldest)) {
                    if (quiet && !acting.pit.isWanted(oldest) && !listener.watched(acting)) {
                        sleep(acting, acting.pit.next, listener);
                        continue;
                    }
                    acting.pit.next = oldest;
                    due.add(acting);
                    continue;
                }
                now = acting.pit.next;
                // Scheduled it stays: whoever hears of its trades may look at it, and it is awake.
                boolean wanted = acting.pit.isWanted(acting.pit.next) || listener.watched(acting);
                if (wanted && acts(acting)) {
                    act(acting, acting.pit.next, listener);
                    letStopsGo(acting, acting.pit.next, listener);
                    schedule(acting, acting.pit.next);
                } else {
                    sleep(acting, acting.pit.next, listener);
                }
            } else {
                break;
            }
        }
        now = until;
    }

    /** Whether stocks trade that nobody looks at. */
    public boolean tradesByItself() {
        return quiet;
    }

    /** Whether the sessions are those of the exchanges, with auctions, interruptions and all that. */
    public boolean timed() {
        return hours.timed();
    }

    /** Whether what trades in the minute from {@code start} on is the one trade of an auction that ends then. */
    public boolean isAuction(Venue venue, Instant start) {
        return hours.timed()
                && hours.book(venue, start.minusSeconds(1)).phase().collects()
                && !hours.book(venue, start).phase().isContinuous();
    }

    /** Whether all trading was suspended today. */
    public boolean marketHaltedToday() {
        return marketHaltedUntil.isAfter(Instant.MIN);
    }

    /** Up to when everything has been played. */
    public Instant now() {
        return now;
    }

    /** The next instant at which {@link #advance} has something to do; empty when every stock sleeps. */
    public Optional<Instant> nextAction() {
        return Stream.concat(
                        Stream.ofNullable(due.peek()).map(stock -> stock.pit.next),
                        Stream.ofNullable(turns.peek()).map(Turn::at))
                .min(Comparator.naturalOrder());
    }

    private void pace(Stock stock, Instant at) {
        stock.pit.pace(
                rules.realTurnover()
                        ? Pace.of(
                                stock.instrument(), actionsPerSecond, catchUp.share(stock, at), catchUp.stir(stock, at))
                        : even);
    }

    private void schedule(Stock stock, Instant from) {
        pace(stock, from);
        stock.pit.schedule(from, stock.pit.pace().perSecond());
        due.add(stock);
    }

    // ---- stocks that nobody looks at -----------------------------------------------------------------------------

    private void sleep(Stock stock, Instant at, Listener listener) {
        stock.pit.scheduled = false;
        // The next auction is none of theirs.
        Agents.leave(stock.pit, floor(stock, at, listener));
        stock.sleepsFrom(at);
        stock.tape().playedTo(at);
    }

    /** A look finds the stock as it is now; before the first step of time there is no now. */
    private void keepUp(Stock stock) {
        if (started) {
            bring(stock, now);
        }
    }

    private void bring(Stock stock, Instant at) {
        if (!quiet || stock.pit.scheduled || stock.phase() == Phase.HALTED || isOfItsOwn(stock.phase())) {
            return;
        }
        if (stock != stock.main()) {
            bring(stock.main(), at);
        }
        if (catchUp.bring(stock, at)) {
            stock.caughtUp();
        }
    }

    // ---- agents --------------------------------------------------------------------------------------------------

    private void act(Stock stock, Instant at, Listener listener) {
        Floor floor = floor(stock, at, listener);
        if (stock.phase().collects()) {
            Agents.join(stock.pit, floor);
        } else {
            // A stock that trades on both venues has one fair price, which moves where most of its trades are.
            if (stock != stock.main()) {
                bring(stock.main(), at);
            }
            boolean leads = stock == stock.main() || !stock.main().phase().isContinuous();
            Agents.act(stock.pit, floor, leads);
        }
    }

    private void withdraw(Stock stock, Instant at, Listener listener) {
        Floor floor = floor(stock, at, listener);
        Agents.withdraw(stock.pit, floor);
        Agents.leave(stock.pit, floor);
    }

    Floor floor(Stock stock, Instant at, Listener listener) {
        return new OnFloor(stock, at, listener);
    }

    /** A stock at an instant, as its agents trade it. */
    private final class OnFloor implements Floor {
        private final Stock stock;
        private final Instant at;
        private final Listener listener;

        OnFloor(Stock stock, Instant at, Listener listener) {
            this.stock = stock;
            this.at = at;
            this.listener = listener;
        }

        @Override
        public long take(long id, Side side, long limit, long qty) {
            return Exchange.this.take(stock, id, side, limit, qty, at, listener);
        }

        @Override
        public void rest(long id, Side side, long price, long qty) {
            Exchange.this.rest(stock, id, side, price, qty);
        }

        @Override
        public void restAtMarket(long id, Side side, long qty) {
            Exchange.this.restAtMarket(stock, id, side, qty);
        }

        @Override
        public void cancel(long id) {
            Exchange.this.cancel(stock, id);
        }
    }

    // ---- phases --------------------------------------------------------------------------------------------------

    /** A stock comes to life in the middle of whatever goes on. */
    private void begin(Stock stock, Tape.@Nullable Figures figures) {
        stock.enter(book(stock, now));
        stock.dormantLevel = !quiet || stock.instrument().volume() == 0
                ? 0
                : rules.realTurnover()
                        ? Pace.level(stock.instrument().volume(), 0)
                        : stock.pit.levelShares(stock.tape().base());
        stock.enterClosePrice(hours.closePrice(now));
        stock.sleepsFrom(hours.timed() ? CatchUp.midnight(day) : began);
        if (figures != null) {
            resume(stock, figures);
        }
        if (started) {
            bring(stock, marketHaltedUntil.isAfter(now) ? marketHaltedFrom : now);
        }
        if (marketHaltedUntil.isAfter(now)) {
            stock.haltedUntil = marketHaltedUntil;
        }
        stayHalted(stock, now);
        if (hours.timed()) {
            planBookTurn(stock);
            if (stock.venue() == Venue.KRX) {
                plan(stock, Stock.Track.CLOSE_PRICE, hours.closePrice(now).until());
            }
        }
        boolean resumes = marketHaltedToday()
                && !marketHaltedUntil.isAfter(now)
                && now.isBefore(marketHaltedUntil.plus(resuming(stock)));
        if (resumes && stock.phase().isContinuous()) {
            deviate(stock, Phase.RESUMING, marketHaltedUntil, resuming(stock));
        }
    }

    /**
     * Goes on from the figures of before a restart. The minutes behind them are those that were kept, of the time in which
     * the stock was traded order by order, and the rest is played again: the same comes out, or it is not believed.
     */
    private void resume(Stock stock, Tape.Figures figures) {
        Instant playedTo = figures.playedTo() == 0 ? now : Instant.ofEpochMilli(figures.playedTo());
        stock.beginAt(figures.base());
        Optional.ofNullable((stock.venue() == Venue.NXT ? soFarNxt : soFar).remove(stock.symbol()))
                .ifPresent(stock::take);
        if (quiet) {
            catchUp.bring(stock, playedTo);
        }
        boolean same = stock.tape().figures().volume() == figures.volume()
                && stock.tape().last() == figures.last();
        stock.restore(figures);
        if (same && quiet) {
            return;
        }
        stock.tape().complete(CatchUp.minuteOf(playedTo));
        if (stock.venue() == Venue.KRX) {
            // The auctions that the figures tell of, or the first trade.
            stock.staticReference = figures.close() > 0 ? figures.close() : figures.open();
        }
        stock.sleepsFrom(playedTo);
    }

    /** Minutes of today of before a restart, of a stock that has not come to life since. */
    public void remember(Symbol symbol, Venue venue, MinutesSoFar minutes) {
        (venue == Venue.NXT ? soFarNxt : soFar).put(symbol, minutes);
    }

    private Duration resuming(Stock stock) {
        return stock.venue() == Venue.KRX ? rules.resuming() : MarketRules.RESUMING_NXT;
    }

    /** The venue's window, closed where the stock has no part in it. */
    private PhaseWindow book(Stock stock, Instant at) {
        PhaseWindow window = hours.book(stock.venue(), at);
        return CatchUp.isClosedTo(stock, window.phase())
                ? new PhaseWindow(Phase.CLOSED, window.from(), window.until())
                : window;
    }

    private void planBookTurn(Stock stock) {
        Instant end = stock.sessionEnds();
        plan(
                stock,
                Stock.Track.BOOK,
                stock.phase().collects()
                        ? end.plus(randomEnd(stock, stock.sessionBegan()))
                        : stock.phase() == Phase.HALTED && stock.haltedUntil.isBefore(end) ? stock.haltedUntil : end);
    }

    private void plan(Stock stock, Stock.Track track, Instant at) {
        turns.add(new Turn(at, stock, track, ++stock.turns[track.ordinal()]));
    }

    /** Nobody shall know the second at which an auction ends; the same auction of the same seed ends at the same. */
    private Duration randomEnd(Stock stock, Instant began) {
        long most = rules.randomEnd().toMillis();
        if (most == 0) {
            return Duration.ZERO;
        }
        var random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L
                + stock.symbol().hashCode()
                + 31L * stock.venue().ordinal()
                + began.getEpochSecond() * 0xBF58476D1CE4E5B9L);
        return Duration.ofMillis(random.nextLong(most));
    }

    private void turn(Turn turn, Listener listener) {
        Stock stock = turn.stock();
        if (turn.track() == Stock.Track.CLOSE_PRICE) {
            Phase before = stock.closePricePhase();
            PhaseWindow window = hours.closePrice(turn.at());
            stock.enterClosePrice(window);
            plan(stock, turn.track(), window.until());
            if (window.phase() == Phase.CLOSE_PRICE) {
                matchQueue(stock, turn.at(), listener);
            }
            listener.turned(stock, before, window.phase(), turn.at());
            return;
        }
        bookTurns(stock, turn.at(), listener);
    }

    private void bookTurns(Stock stock, Instant at, Listener listener) {
        Phase before = stock.phase();
        PhaseWindow next = book(stock, at);
        boolean halted = stock.haltedUntil.isAfter(at);
        boolean resumes = before == Phase.HALTED
                && !halted
                && next.phase().matching() != Phase.Matching.NONE
                && !next.phase().collects();
        // Orders of an interruption that reaches into an auction stay for that one.
        boolean goesOn =
                before != next.phase() && isOfItsOwn(before) && next.phase().collects();
        // What nobody looks at is caught up with when somebody does, its auctions too.
        boolean later = quiet && !stock.pit.scheduled && !isOfItsOwn(before) && !listener.watched(stock);
        if (before.collects() && !halted && !goesOn && !later) {
            endAuction(stock, at, listener);
        }
        if (before == Phase.INTERRUPTED) {
            interruptions.end(stock, at);
        }
        if (before == Phase.CLOSING_AUCTION && !later) {
            stock.tape().close();
        }
        if (isOfItsOwn(before) || before == Phase.HALTED) {
            stock.sleepsFrom(at);
        }
        stock.enter(next);
        stayHalted(stock, at);
        if (resumes) {
            deviate(stock, Phase.RESUMING, at, resuming(stock));
        } else if (hours.timed()) {
            planBookTurn(stock);
        }
        if (!acts(stock) && hours.timed()) {
            withdraw(stock, at, listener);
        } else if (listener.watched(stock)) {
            wake(stock, at, listener);
        } else if (stock.pit.interestUntil.isAfter(at)) {
            rouse(stock, at, listener);
        }
        stock.bookDirty = true;
        listener.turned(stock, before, stock.phase(), at);
        letStopsGo(stock, at, listener);
    }

    private static boolean isOfItsOwn(Phase phase) {
        return phase == Phase.INTERRUPTED || phase == Phase.RESUMING;
    }

    private void stayHalted(Stock stock, Instant at) {
        boolean open = stock.session() != Phase.CLOSED && stock.session() != Phase.BREAK;
        if (open && stock.haltedUntil.isAfter(at)) {
            stock.deviate(Phase.HALTED);
        }
    }

    /** The stock collects orders by itself for a time and a random end, but not beyond the venue's day. */
    private void deviate(Stock stock, Phase phase, Instant at, Duration collects) {
        stock.deviate(phase);
        Instant end = at.plus(collects).plus(randomEnd(stock, at));
        plan(stock, Stock.Track.BOOK, endsDay(stock, end) ? stock.sessionEnds() : end);
    }

    private boolean endsDay(Stock stock, Instant end) {
        return end.isAfter(stock.sessionEnds())
                && !book(stock, stock.sessionEnds()).phase().collects();
    }

    /** Where the hours do not tell their ends beforehand, each look at the clock may find another phase. */
    private void turnUntimed(Instant at, Listener listener) {
        Phase phase = hours.book(Venue.KRX, at).phase();
        if (phase != untimedPhase) {
            untimedPhase = phase;
            all().stream().filter(stock -> stock.session() != phase).forEach(stock -> bookTurns(stock, at, listener));
        }
    }

    /**
     * The first look at the clock. Orders of before a restart may rest: who is wanted comes to life, what should have
     * ended while nobody ran does so, and what collected for an auction that is over trades.
     */
    private void goOn(Instant at, Listener listener) {
        untimedPhase = hours.book(Venue.KRX, at).phase();
        for (Stock stock : all()) {
            if (stock.phase() == Phase.CLOSED) {
                listener.turned(stock, Phase.CLOSED, Phase.CLOSED, at);
            }
            if (stock.closePricePhase() == Phase.CLOSED) {
                listener.turned(stock, Phase.CLOSE_PRICE, Phase.CLOSED, at);
            }
            if (stock.phase().isContinuous() && stock.book().collects()) {
                endAuction(stock, at, listener);
                listener.turned(stock, Phase.OPENING_AUCTION, stock.phase(), at);
            }
            if (listener.watched(stock)) {
                // Prices must not have gone past orders that rested while nobody ran.
                stock.sleepsFrom(at);
                wake(stock, at, listener);
            }
        }
    }

    // ---- auctions ------------------------------------------------------------------------------------------------

    private void endAuction(Stock stock, Instant at, Listener listener) {
        boolean agents = actionsPerSecond > 0 && (listener.watched(stock) || stock.pit.interestUntil.isAfter(at));
        if (agents && stock.phase() != Phase.SINGLE_PRICE) {
            if (rules.realTurnover()) {
                stock.pit.pace(stock.pit.pace().ending(stock.instrument(), catchUp.callShare(stock, at)));
            }
            Agents.complete(stock.pit, floor(stock, at, listener));
        }
        int time = timeOfDay(at);
        // The book is settled before anybody is told, and the tape counts the auction as one trade.
        record Pair(long buy, long sell, long qty) {}
        List<Pair> pairs = new ArrayList<>();
        Auction.Match match = stock.book()
                .uncross(stock.auctionReference(), (buy, sell, price, qty) -> pairs.add(new Pair(buy, sell, qty)));
        if (match.qty() > 0) {
            stock.tape().add(match.price(), match.qty(), Optional.empty(), time);
            stock.tape().playedTo(at);
            stock.staticReference = match.price();
            stock.pit.value(match.price());
            listener.traded(stock, match.price(), match.qty(), Optional.empty(), at);
        }
        for (Pair pair : pairs) {
            tellFill(stock, pair.buy(), match.price(), pair.qty(), at, listener);
            tellFill(stock, pair.sell(), match.price(), pair.qty(), at, listener);
        }
        Agents.leave(stock.pit, floor(stock, at, listener));
        stock.bookDirty = true;
    }

    private static void tellFill(Stock stock, long id, long price, long qty, Instant at, Listener listener) {
        if (id > 0) {
            listener.filled(stock, id, price, qty, at);
        }
    }

    /** What queued for the closing price before its time meets now. */
    private void matchQueue(Stock stock, Instant at, Listener listener) {
        tradeAtClosePrice(
                stock,
                at,
                listener,
                sink -> stock.closePriceBook().uncross(QUEUE, sink).qty());
    }

    private void tradeAtClosePrice(
            Stock stock, Instant at, Listener listener, Function<MatchingBook.PairSink, Long> matching) {
        long price = stock.closePrice();
        long traded = matching.apply((buy, sell, atPrice, qty) -> {
            tellFill(stock, buy, price, qty, at, listener);
            tellFill(stock, sell, price, qty, at, listener);
        });
        if (traded > 0) {
            stock.tape().addVolume(price, traded, timeOfDay(at));
            listener.traded(stock, price, traded, Optional.empty(), at);
        }
    }

    // ---- orders --------------------------------------------------------------------------------------------------

    /**
     * Lets an order of {@code id} (above 0: a user's) take what rests against it; the quantity that found nobody, or that
     * was left when the price jumped so far that trading was interrupted: see {@link Stock#phase} then.
     */
    public long take(Stock stock, long id, Side side, long limit, long qty, Instant at, Listener listener) {
        Side other = MatchingBook.other(side);
        long left = qty;
        while (left > 0) {
            long mid = stock.mid();
            Optional<Waiting.Order> inside =
                    mid != 0 && reaches(side, limit, mid) ? stock.mids.oldest(other) : Optional.empty();
            if (inside.isPresent()) {
                long done = Math.min(left, inside.get().qty());
                stock.mids.reduce(inside.get().id(), done);
                left -= done;
                traded(stock, inside.get().id(), id, side, mid, done, at, listener);
                continue;
            }
            long best = stock.book().best(other);
            if (best == 0 || !reaches(side, limit, best)) {
                break;
            }
            if (interrupts(stock, best)) {
                interrupt(stock, best, at, listener);
                break;
            }
            left = stock.book()
                    .take(
                            side,
                            best,
                            left,
                            (maker, price, done) -> traded(stock, maker, id, side, price, done, at, listener));
        }
        stock.bookDirty = true;
        return left;
    }

    private void traded(
            Stock stock, long maker, long taker, Side side, long price, long qty, Instant at, Listener listener) {
        stock.tape().add(price, qty, Optional.of(side), timeOfDay(at));
        stock.tape().playedTo(at);
        listener.traded(stock, price, qty, Optional.of(side), at);
        tellFill(stock, maker, price, qty, at, listener);
        tellFill(stock, taker, price, qty, at, listener);
        if (maker > 0 || taker > 0) {
            stock.pit.movedBy(side, price);
        }
    }

    /** The quantity an order could take now up to {@code limit}, counted to {@code atMost}, before trading is interrupted. */
    public long available(Stock stock, Side side, long limit, long atMost) {
        Side other = MatchingBook.other(side);
        long mid = stock.mid();
        long inside = mid != 0 && reaches(side, limit, mid) ? Math.min(atMost, stock.mids.total(other)) : 0;
        long best = stock.book().best(other);
        if (best == 0 || !reaches(side, limit, best)) {
            return inside;
        }
        long reach = limit;
        while (!interrupts(stock, best) && interrupts(stock, reach) && reach != best) {
            reach = side == Side.BUY ? stock.pit.down(reach) : stock.pit.up(reach);
        }
        return interrupts(stock, best) ? inside : inside + stock.book().available(side, reach, atMost - inside);
    }

    /** Lets a mid-price order meet those of the other side; the quantity that found nobody. */
    public long takeAtMid(Stock stock, long id, Side side, long qty, Instant at, Listener listener) {
        long left = qty;
        for (long mid = stock.mid(); mid != 0 && left > 0; mid = stock.mid()) {
            Optional<Waiting.Order> oldest = stock.mids.oldest(MatchingBook.other(side));
            if (oldest.isEmpty()) {
                break;
            }
            long done = Math.min(left, oldest.get().qty());
            stock.mids.reduce(oldest.get().id(), done);
            left -= done;
            traded(stock, oldest.get().id(), id, side, mid, done, at, listener);
        }
        stock.bookDirty = true;
        return left;
    }

    /** Lets an order at the closing price meet those of the other side; the quantity that found nobody. */
    public long takeAtClosePrice(Stock stock, long id, Side side, long qty, Instant at, Listener listener) {
        if (stock.closePricePhase().matching() != Phase.Matching.AT_ONE_PRICE) {
            return qty;
        }
        long price = stock.closePrice();
        long[] left = {qty};
        tradeAtClosePrice(stock, at, listener, sink -> {
            left[0] = stock.closePriceBook()
                    .take(
                            side,
                            QUEUE,
                            qty,
                            (maker, atPrice, done) -> sink.pair(
                                    side == Side.BUY ? id : maker, side == Side.BUY ? maker : id, price, done));
            return qty - left[0];
        });
        return left[0];
    }

    public void rest(Stock stock, long id, Side side, long price, long qty) {
        stock.book().rest(id, side, price, qty);
        stock.bookDirty = true;
    }

    /** While orders collect: ahead of every price. */
    public void restAtMarket(Stock stock, long id, Side side, long qty) {
        stock.book().restAtMarket(id, side, qty);
        stock.bookDirty = true;
    }

    public void restAtMid(Stock stock, long id, Side side, long qty) {
        stock.mids.add(new Waiting.Order(id, side, 0, qty));
        stock.bookDirty = true;
    }

    public void restAtClosePrice(Stock stock, long id, Side side, long qty) {
        stock.closePriceBook().rest(id, side, QUEUE, qty);
    }

    /** Keeps a stop order until the last price reaches {@code condition}, from below for a buy and from above for a sell. */
    public void waitFor(Stock stock, long id, Side side, long condition, long qty) {
        stock.stops.add(new Waiting.Order(id, side, condition, qty));
    }

    /** Whether the last price lets a stop order go as it comes. */
    public static boolean isLetGo(Stock stock, Side side, long condition) {
        return new Waiting.Order(0, side, condition, 0).isLetGoBy(stock.tape().last());
    }

    /** Rests an order directly behind the resting {@code anchor}, at its price. */
    public void restBehind(Stock stock, long anchor, long id, long qty) {
        stock.book().restBehind(anchor, id, qty);
        stock.bookDirty = true;
    }

    public long cancel(Stock stock, long id) {
        return reduce(stock, id, Long.MAX_VALUE);
    }

    /** Lowers an order wherever it rests or waits; the quantity really taken off. */
    public long reduce(Stock stock, long id, long qty) {
        stock.bookDirty = true;
        long taken = stock.book().reduce(id, qty);
        taken = taken > 0 ? taken : stock.closePriceBook().reduce(id, qty);
        taken = taken > 0 ? taken : stock.stops.reduce(id, qty);
        return taken > 0 ? taken : stock.mids.reduce(id, qty);
    }

    /**
     * The stop orders that the last price has reached go, the oldest first, and what they trade lets the next ones go. To be
     * called when an order that traded has been put where its remainder stays: a stop order must find it there.
     */
    public void letStopsGo(Stock stock, Instant at, Listener listener) {
        if (stock.lettingGo) {
            return;
        }
        stock.lettingGo = true;
        try {
            while (stock.phase().isContinuous()) {
                Optional<Waiting.Order> stop = stock.stops.letGo(stock.tape().last());
                if (stop.isEmpty()) {
                    return;
                }
                listener.letGo(stock, stop.get().id(), at);
            }
        } finally {
            stock.lettingGo = false;
        }
    }

    // ---- interruptions and halts ---------------------------------------------------------------------------------

    private boolean interrupts(Stock stock, long price) {
        if (!hours.timed() || !stock.phase().isContinuous() || !rules.interrupts(stock.venue(), day)) {
            return false;
        }
        return MarketRules.jumps(stock.instrument(), stock.tape().last(), price)
                || MarketRules.strays(stock.interruptionReference(), price);
    }

    /** Begins a volatility interruption of a stock that trades continuously; false when it does not. */
    public boolean interrupt(Stock stock, long price, Instant at, Listener listener) {
        if (!stock.phase().isContinuous()) {
            return false;
        }
        Phase before = stock.phase();
        interruptions.begin(stock, price, at);
        deviate(stock, Phase.INTERRUPTED, at, MarketRules.INTERRUPTION);
        stock.bookDirty = true;
        listener.turned(stock, before, stock.phase(), at);
        return true;
    }

    /** Today's interruptions, the oldest first. */
    public List<Interruption> interruptions() {
        return interruptions.all(now);
    }

    /** Suspends trading of a stock on its venue until then, or until it is {@link #resume resumed}. */
    public void halt(Stock stock, Instant until, Instant at, Listener listener) {
        bring(stock, at);
        Phase before = stock.phase();
        stock.haltedUntil = until;
        stayHalted(stock, at);
        if (hours.timed()) {
            planBookTurn(stock);
        } else if (until.isBefore(Instant.MAX)) {
            plan(stock, Stock.Track.BOOK, until);
        }
        if (before == Phase.INTERRUPTED) {
            interruptions.end(stock, at);
        }
        withdraw(stock, at, listener);
        stock.bookDirty = true;
        listener.turned(stock, before, stock.phase(), at);
    }

    /** Ends a halt: orders collect for a time and trade at one price. */
    public void resume(Stock stock, Instant at, Listener listener) {
        stock.haltedUntil = at;
        if (stock.phase() == Phase.HALTED) {
            bookTurns(stock, at, listener);
        }
    }

    /** Suspends every stock of both venues until then, also those that nobody has asked for yet. */
    public void haltAll(Instant until, Instant at, Listener listener) {
        marketHaltedFrom = at;
        marketHaltedUntil = until;
        catchUp.halted(at, until.isBefore(Instant.MAX) ? until.plus(rules.resuming()) : until);
        all().forEach(stock -> halt(stock, until, at, listener));
    }

    // ---- the rest ------------------------------------------------------------------------------------------------

    /** Whether the visible book changed since it was last told and at least {@code spacing} has passed; marks it told. */
    public boolean bookDue(Stock stock, Instant at, Duration spacing) {
        if (!stock.bookDirty || stock.bookTold.plus(spacing).isAfter(at)) {
            return false;
        }
        stock.bookDirty = false;
        stock.bookTold = at;
        return true;
    }

    /** What the ending day still had to bring: stocks of before a restart come to life, and quiet ones trade to its end. */
    public void finish() {
        kept.keySet().stream().toList().forEach(this::live);
        keptNxt.keySet().stream().toList().forEach(this::liveNxt);
        Instant end = end(day.plusDays(1));
        all().forEach(stock -> bring(stock, end));
    }

    private Instant end(LocalDate newDay) {
        Instant midnight = CatchUp.midnight(newDay);
        return midnight.isBefore(now) ? midnight : now;
    }

    /**
     * A new business day for every stock, also for those that have not come to life since the start.
     *
     * @param at the time of now, which may be days after what was played last
     */
    public void roll(LocalDate newDay, Instant at) {
        // What traded while nobody looked belongs to the day that ends, and its close is the base of the next.
        finish();
        Instant midnight = CatchUp.midnight(newDay);
        Instant end = midnight.isBefore(at) ? midnight : at;
        LocalDate missed = day.plusDays(1);
        day = newDay;
        began = end;
        interruptions.clear();
        marketHaltedUntil = Instant.MIN;
        catchUp.newDay();
        all().forEach(stock -> {
            stock.roll(newDay);
            if (stock == stock.main() && missed.isBefore(newDay)) {
                stock.beginAt(
                        basePrices.on(stock.instrument(), missed, stock.tape().base(), newDay));
            }
            stock.sleepsFrom(end);
        });
    }

    /** The stocks that have come to life, those of KRX first. */
    public Collection<Stock> all() {
        List<Stock> all = new ArrayList<>(stocks.values());
        all.addAll(nxtStocks.values());
        return all;
    }

    private static boolean reaches(Side side, long limit, long price) {
        return side == Side.BUY ? price <= limit : price >= limit;
    }

    private static int timeOfDay(Instant at) {
        return Tape.timeOfDay(at.atZone(TradingCalendar.SEOUL).toLocalTime());
    }
}
