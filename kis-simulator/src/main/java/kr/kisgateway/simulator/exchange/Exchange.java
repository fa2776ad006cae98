package kr.kisgateway.simulator.exchange;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.PhaseWindow;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.market.VenueHours;
import org.jspecify.annotations.Nullable;

/**
 * The Korean market: all stocks on both venues with their agents, phases, halts and interruptions. Orders go to
 * {@link #matching}. Of stocks that act at one instant KRX's are first.
 */
public final class Exchange extends ActiveMarket<Stock, Exchange.Listener> {
    /** Receives phase changes of a stock, too. */
    public interface Listener extends ActiveMarket.Listener<Stock> {
        /** The stock's book, or its trading at the closing price, changed its phase. */
        void phaseChanged(Stock stock, Phase before, Phase after, Instant at);

        /** The last price triggered a stop order; the exchange no longer has it. */
        void stopTriggered(Stock stock, long orderId, Instant at);
    }

    /** Base prices (기준가) after days on which a stock was not simulated. */
    public interface BasePrices {
        /** The close is the base price, where no stock trades unattended. */
        BasePrices UNCHANGED = (instrument, from, close, today) -> close;

        /**
         * The base price of {@code today} that follows from {@code close}.
         *
         * @param from the first day after that close; {@link LocalDate#MIN} for a stock that was never active
         */
        long basePrice(Instrument instrument, LocalDate from, long close, LocalDate today);
    }

    static final Comparator<Stock> BY_NAME = Comparator.comparing(Stock::venue).thenComparing(Stock::symbol);

    private final VenueHours hours;
    private LocalDate day;
    private final BasePrices basePrices;
    private final ActiveStocks stocks;
    private final MatchingEngine matching = new MatchingEngine(new Interrupter());
    private final InterruptionLog interruptions = new InterruptionLog();
    private Instant marketHaltedFrom = Instant.MIN;
    private Instant marketHaltedUntil = Instant.MIN;
    private Phase untimedPhase = Phase.CLOSED;
    private final PhaseSchedule phases;
    private final KoreanCatchUp catchUp;
    private final ActivityRate evenActivity;
    /** When today's market began to trade, where its hours do not define it. */
    private Instant startedAt;

    /** A new exchange on which prices do not change on days that a stock is not simulated. */
    public Exchange(
            Function<Symbol, Optional<Instrument>> instruments,
            VenueHours hours,
            MarketRules rules,
            LocalDate day,
            Instant now,
            long seed,
            double actionsPerSecond) {
        this(instruments, hours, rules, day, now, seed, actionsPerSecond, Map.of(), Map.of(), BasePrices.UNCHANGED);
    }

    /**
     * @param hours the phases of the venues by time
     * @param day the business date, for the dated rules of ticks and limits
     * @param now the start of its time
     * @param actionsPerSecond agent actions, and so about trades, a second in each live stock; 0 = no agents
     * @param storedFigures figures of stocks that traded before the restart
     * @param storedNxtFigures the same of NXT
     * @param basePrices after days on which a stock was not simulated
     */
    public Exchange(
            Function<Symbol, Optional<Instrument>> instruments,
            VenueHours hours,
            MarketRules rules,
            LocalDate day,
            Instant now,
            long seed,
            double actionsPerSecond,
            Map<Symbol, Tape.Figures> storedFigures,
            Map<Symbol, Tape.Figures> storedNxtFigures,
            BasePrices basePrices) {
        super(rules, actionsPerSecond, now, BY_NAME);
        this.basePrices = basePrices;
        this.hours = hours;
        this.day = day;
        this.stocks = new ActiveStocks(instruments, basePrices, seed, storedFigures, storedNxtFigures, this::begin);
        this.phases = new PhaseSchedule(hours, rules, seed);
        this.catchUp = new KoreanCatchUp(hours, seed, phases::randomEnd, interruptions);
        this.evenActivity = ActivityRate.even(actionsPerSecond);
        this.startedAt = hours.hasDefinedEnd() ? now : morning(day, now);
    }

    /** The start of a date on which trading never closes: the last midnight, also of a date that never ends. */
    private static Instant morning(LocalDate day, Instant now) {
        LocalDate today = now.atZone(TradingCalendar.SEOUL).toLocalDate();
        return KoreanCatchUp.midnight(day.isAfter(today) ? day : today);
    }

    /** The stock on KRX, with its book ready though not necessarily trading; empty when no such instrument is listed. */
    public Optional<Stock> find(Symbol symbol) {
        return broughtUpToDate(stocks.onKrx(symbol, day));
    }

    /**
     * The stock on a venue; empty when it is not listed there.
     *
     * @throws IllegalArgumentException for any but KRX and NXT; SOR routes to one of them
     */
    public Optional<Stock> find(Symbol symbol, Venue venue) {
        return switch (venue) {
            case KRX -> find(symbol);
            case NXT -> broughtUpToDate(stocks.onNxt(symbol, day));
            case SOR, NASD, NYSE, AMEX -> throw new IllegalArgumentException(venue + " has no Korean stocks");
        };
    }

    /** Adds a stock to those that NXT trades, or removes it: then NXT accepts no further orders for it. */
    public void listOnNxt(Symbol symbol, boolean trades) {
        stocks.listOnNxt(symbol, trades);
    }

    /** Whether NXT lists the stock; activates nothing. */
    public boolean isOnNxt(Symbol symbol) {
        return stocks.isOnNxt(symbol);
    }

    /**
     * Every stock of a listing on KRX and then those of them that NXT lists, each caught up to now: for rankings and indices.
     */
    public List<Stock> findAll(Collection<Instrument> listing) {
        return Stream.of(Venue.KRX, Venue.NXT)
                .flatMap(venue -> listing.stream().flatMap(each -> find(each.symbol(), venue).stream()))
                .toList();
    }

    /** Whether a venue is open, whatever the state of a stock. */
    public boolean anyOpen(Instant at) {
        return Stream.of(hours.bookPhase(Venue.KRX, at), hours.bookPhase(Venue.NXT, at), hours.closePricePhase(at))
                .anyMatch(window -> window.phase().matching() != Phase.Matching.NONE);
    }

    /** Moves the fair price of the stock's agents on both venues; they trade there from their next action on. */
    public void move(Stock stock, long price, Instant at, Listener listener) {
        // Asleep on KRX it would return to the price of KRX's minutes.
        wake(stock.main(), at, listener);
        wake(stock, at, listener);
        stock.stockBook.setFairPrice(price);
    }

    @Override
    protected void quote(Stock stock, Instant at, Listener listener) {
        if (stock.phase().isContinuous()) {
            super.quote(stock, at, listener);
            matching.triggerStops(stock, at, listener);
        }
    }

    @Override
    protected boolean isActive(Stock stock) {
        return stock.phase().isAuction() || stock.phase().isContinuous();
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    @Override
    protected Instant nextChange() {
        PhaseSchedule.PhaseChange change = phases.next();
        return change == null ? Instant.MAX : change.at();
    }

    @Override
    protected void change(Instant at, Listener listener) {
        PhaseSchedule.PhaseChange change = phases.removeNext();
        if (change.counts()) {
            changePhase(change, listener);
        }
    }

    @Override
    protected void miss(Stock stock, Instant at, Instant oldest, boolean sleeps, Listener listener) {
        if (sleeps) {
            deactivate(stock, at, listener);
        } else {
            postpone(stock, oldest);
        }
    }

    /** Executes orders against the books of its stocks. */
    public MatchingEngine matching() {
        return matching;
    }

    /** Whether the sessions are those of the exchanges, with auctions and interruptions. */
    public boolean timed() {
        return hours.hasDefinedEnd();
    }

    /** Whether the trades of the minute from {@code start} on are the single trade of an auction that ends then. */
    public boolean isAuction(Venue venue, Instant start) {
        return hours.hasDefinedEnd()
                && hours.bookPhase(venue, start.minusSeconds(1)).phase().isAuction()
                && !hours.bookPhase(venue, start).phase().isContinuous();
    }

    /** Whether all trading was suspended today. */
    public boolean marketHaltedToday() {
        return marketHaltedUntil.isAfter(Instant.MIN);
    }

    @Override
    protected ActivityRate activity(Stock stock, Instant at) {
        return rules.realTurnover()
                ? ActivityRate.of(
                        stock.instrument(), actionsPerSecond, catchUp.share(stock, at), catchUp.movement(stock, at))
                : evenActivity;
    }

    // ---- dormant stocks ------------------------------------------------------------------------------------------

    @Override
    protected void deactivate(Stock stock, Instant at, Listener listener) {
        // The agents have no part in the next auction, and what they would have paid in this one is no price.
        Agents.leaveAuction(stock.stockBook, agentActions(stock, at, listener));
        if (stock.phase().isAuction()) {
            stock.resetFairPrice();
        }
        super.deactivate(stock, at, listener);
    }

    @Override
    protected void bringUpToDate(Stock stock, Instant at) {
        if (stock.stockBook.scheduled || stock.phase() == Phase.HALTED || isStockPhase(stock.phase())) {
            return;
        }
        if (stock != stock.main()) {
            bringUpToDate(stock.main(), at);
        }
        super.bringUpToDate(stock, at);
    }

    @Override
    protected boolean catchUp(Stock stock, Instant at) {
        return catchUp.catchUp(stock, at);
    }

    // ---- agents --------------------------------------------------------------------------------------------------

    @Override
    protected void act(Stock stock, Instant at, Listener listener) {
        AgentActions actions = agentActions(stock, at, listener);
        if (stock.phase().isAuction()) {
            Agents.joinAuction(stock.stockBook, actions);
        } else {
            // A stock on both venues has one fair price, which moves where most of its trades are.
            if (stock != stock.main()) {
                bringUpToDate(stock.main(), at);
            }
            boolean leads = stock == stock.main() || !stock.main().phase().isContinuous();
            Agents.act(stock.stockBook, actions, leads);
        }
        matching.triggerStops(stock, at, listener);
    }

    private void withdraw(Stock stock, Instant at, Listener listener) {
        AgentActions actions = agentActions(stock, at, listener);
        Agents.withdraw(stock.stockBook, actions);
        Agents.leaveAuction(stock.stockBook, actions);
    }

    @Override
    protected long take(Stock stock, long id, Side side, long limit, long qty, Instant at, Listener listener) {
        return matching.take(stock, id, side, limit, qty, at, listener);
    }

    // ---- phases --------------------------------------------------------------------------------------------------

    /** Activates a stock in the current phase. */
    private void begin(Stock stock, Tape.@Nullable Figures figures) {
        stock.enter(phases.book(stock, now()));
        stock.dormantLevel = !dormantTrading || stock.instrument().volume() == 0
                ? 0
                : rules.realTurnover()
                        ? ActivityRate.level(stock.instrument().volume(), 0)
                        : stock.stockBook.levelShares(stock.tape().base());
        stock.enterClosePrice(hours.closePricePhase(now()));
        stock.markDormant(hours.hasDefinedEnd() ? KoreanCatchUp.midnight(day) : startedAt);
        if (figures != null) {
            resume(stock, figures);
        }
        if (isStarted()) {
            bringUpToDate(stock, marketHaltedUntil.isAfter(now()) ? marketHaltedFrom : now());
        }
        if (marketHaltedUntil.isAfter(now())) {
            stock.haltedUntil = marketHaltedUntil;
        }
        applyHalt(stock, now());
        if (hours.hasDefinedEnd()) {
            phases.planBookPhase(stock);
            if (stock.venue() == Venue.KRX) {
                phases.plan(
                        stock,
                        Stock.Track.CLOSE_PRICE,
                        hours.closePricePhase(now()).until());
            }
        }
        boolean resumes = marketHaltedToday()
                && !marketHaltedUntil.isAfter(now())
                && now().isBefore(marketHaltedUntil.plus(resumingTime(stock)));
        if (resumes && stock.phase().isContinuous()) {
            enterStockPhase(stock, Phase.RESUMING, marketHaltedUntil, resumingTime(stock));
        }
    }

    /**
     * Resumes from the figures before a restart. Minutes of the time in which the stock was traded order by order are restored,
     * the others are replayed: the result is used if it adds up to the figures, and discarded if not.
     */
    private void resume(Stock stock, Tape.Figures figures) {
        Instant playedTo = figures.playedTo() == 0 ? now() : Instant.ofEpochMilli(figures.playedTo());
        stock.changeBase(figures.base());
        stocks.takeMinutes(stock).ifPresent(stock::restoreMinutes);
        if (replay(stock, figures, playedTo)) {
            return;
        }
        stock.tape().completeMinutes(catchUp.minuteOfDay(stock, playedTo));
        if (stock.venue() == Venue.KRX) {
            // The auctions in the figures, or the first trade.
            stock.staticReference = figures.close() > 0 ? figures.close() : figures.open();
        }
        stock.markDormant(playedTo);
    }

    /** Restores today's minutes from before a restart, of a stock that has not been active since. */
    public void restoreMinutes(Symbol symbol, Venue venue, StoredMinutes minutes) {
        stocks.restoreMinutes(symbol, venue, minutes);
    }

    private Duration resumingTime(Stock stock) {
        return stock.venue() == Venue.KRX ? rules.resuming() : MarketRules.RESUMING_NXT;
    }

    private void changePhase(PhaseSchedule.PhaseChange change, Listener listener) {
        Stock stock = change.stock();
        if (change.track() == Stock.Track.CLOSE_PRICE) {
            Phase before = stock.closePricePhase();
            PhaseWindow window = hours.closePricePhase(change.at());
            stock.enterClosePrice(window);
            phases.plan(stock, change.track(), window.until());
            if (window.phase() == Phase.CLOSE_PRICE) {
                matching.matchClosePriceQueue(stock, change.at(), listener);
            }
            listener.phaseChanged(stock, before, window.phase(), change.at());
            return;
        }
        changeBookPhase(stock, change.at(), listener);
    }

    private void changeBookPhase(Stock stock, Instant at, Listener listener) {
        Phase before = stock.phase();
        boolean scheduled = stock.stockBook.scheduled;
        PhaseWindow next = phases.book(stock, at);
        boolean halted = stock.haltedUntil.isAfter(at);
        boolean resumes = before == Phase.HALTED
                && !halted
                && next.phase().matching() != Phase.Matching.NONE
                && !next.phase().isAuction();
        // Orders of an interruption that extends into an auction stay for that auction.
        boolean collectsOn =
                before != next.phase() && isStockPhase(before) && next.phase().isAuction();
        // A dormant stock is caught up when it is requested, its auctions too.
        boolean deferred =
                dormantTrading && !stock.stockBook.scheduled && !isStockPhase(before) && !listener.isWatched(stock);
        if (before.isAuction() && !halted && !collectsOn && !deferred) {
            endAuction(stock, at, listener);
        }
        if (before == Phase.INTERRUPTED) {
            interruptions.end(stock, at);
        }
        if (before == Phase.CLOSING_AUCTION && !deferred) {
            stock.tape().close();
        }
        if (isStockPhase(before) || before == Phase.HALTED) {
            stock.markDormant(at);
        }
        stock.enter(next);
        applyHalt(stock, at);
        if (resumes) {
            enterStockPhase(stock, Phase.RESUMING, at, resumingTime(stock));
        } else if (hours.hasDefinedEnd()) {
            phases.planBookPhase(stock);
        }
        if (!isActive(stock) && hours.hasDefinedEnd()) {
            withdraw(stock, at, listener);
        } else if (listener.isWatched(stock)) {
            wake(stock, at, listener);
        } else if (stock.stockBook.interestUntil.isAfter(at)) {
            activate(stock, at, listener);
        }
        if (scheduled && !before.isContinuous() && stock.phase().isContinuous()) {
            // Its next action may be a minute away, and a market that has just opened is quoted.
            super.quote(stock, at, listener);
        }
        stock.markBookDirty();
        listener.phaseChanged(stock, before, stock.phase(), at);
        matching.triggerStops(stock, at, listener);
    }

    private static boolean isStockPhase(Phase phase) {
        return phase == Phase.INTERRUPTED || phase == Phase.RESUMING;
    }

    private void applyHalt(Stock stock, Instant at) {
        boolean open = stock.session() != Phase.CLOSED && stock.session() != Phase.BREAK;
        if (open && stock.haltedUntil.isAfter(at)) {
            stock.enterStockPhase(Phase.HALTED);
        }
    }

    /** The stock collects orders by itself for a time. */
    private void enterStockPhase(Stock stock, Phase phase, Instant at, Duration collects) {
        stock.enterStockPhase(phase);
        phases.planStockPhase(stock, at, collects);
    }

    @Override
    protected void changeUntimed(Instant at, Listener listener) {
        if (hours.hasDefinedEnd()) {
            return;
        }
        Phase phase = hours.bookPhase(Venue.KRX, at).phase();
        if (phase != untimedPhase) {
            untimedPhase = phase;
            all().stream()
                    .filter(stock -> stock.session() != phase)
                    .forEach(stock -> changeBookPhase(stock, at, listener));
        }
    }

    /**
     * Watched stocks are activated, what should have ended during the downtime ends, and orders of an auction that is over
     * trade.
     */
    @Override
    protected void resumeAfterRestart(Instant at, Listener listener) {
        untimedPhase = hours.bookPhase(Venue.KRX, at).phase();
        for (Stock stock : all()) {
            if (stock.phase() == Phase.CLOSED) {
                listener.phaseChanged(stock, Phase.CLOSED, Phase.CLOSED, at);
            }
            if (stock.closePricePhase() == Phase.CLOSED) {
                listener.phaseChanged(stock, Phase.CLOSE_PRICE, Phase.CLOSED, at);
            }
            if (stock.phase().isContinuous() && stock.book().collects()) {
                endAuction(stock, at, listener);
                listener.phaseChanged(stock, Phase.OPENING_AUCTION, stock.phase(), at);
            }
            if (listener.isWatched(stock)) {
                // Prices must not have passed orders that rested during the downtime.
                stock.markDormant(at);
                wake(stock, at, listener);
            }
        }
    }

    // ---- auctions ------------------------------------------------------------------------------------------------

    private void endAuction(Stock stock, Instant at, Listener listener) {
        boolean agents =
                actionsPerSecond > 0 && (listener.isWatched(stock) || stock.stockBook.interestUntil.isAfter(at));
        if (agents && stock.phase() != Phase.SINGLE_PRICE) {
            if (rules.realTurnover()) {
                stock.stockBook.activity(
                        stock.stockBook.activity().ending(stock.instrument(), catchUp.callShare(stock, at)));
            }
            Agents.completeAuction(stock.stockBook, agentActions(stock, at, listener));
        }
        matching.uncross(stock, at, listener);
        Agents.leaveAuction(stock.stockBook, agentActions(stock, at, listener));
        stock.markBookDirty();
    }

    // ---- interruptions and halts ---------------------------------------------------------------------------------

    /** Interrupts trading for the matching engine, by the rules and the hours. */
    private final class Interrupter implements MatchingEngine.Interrupter {
        @Override
        public boolean interrupts(Stock stock, long price) {
            if (!hours.hasDefinedEnd() || !stock.phase().isContinuous() || !rules.interrupts(stock.venue(), day)) {
                return false;
            }
            return MarketRules.jumps(stock.instrument(), stock.tape().last(), price)
                    || MarketRules.strays(stock.interruptionReference(), price);
        }

        @Override
        public void interrupt(Stock stock, long price, Instant at, Listener listener) {
            Exchange.this.interrupt(stock, price, at, listener);
        }
    }

    /** Starts a volatility interruption of a stock that trades continuously; false when it does not. */
    public boolean interrupt(Stock stock, long price, Instant at, Listener listener) {
        if (!stock.phase().isContinuous()) {
            return false;
        }
        Phase before = stock.phase();
        interruptions.begin(stock, price, at);
        enterStockPhase(stock, Phase.INTERRUPTED, at, MarketRules.INTERRUPTION);
        stock.markBookDirty();
        listener.phaseChanged(stock, before, stock.phase(), at);
        return true;
    }

    /** Today's interruptions, oldest first. */
    public List<Interruption> interruptions() {
        return interruptions.all(now());
    }

    /** Suspends trading of a stock on its venue until then, or until it is {@link #resume resumed}. */
    public void halt(Stock stock, Instant until, Instant at, Listener listener) {
        bringUpToDate(stock, at);
        Phase before = stock.phase();
        stock.haltedUntil = until;
        applyHalt(stock, at);
        if (hours.hasDefinedEnd()) {
            phases.planBookPhase(stock);
        } else if (until.isBefore(Instant.MAX)) {
            phases.plan(stock, Stock.Track.BOOK, until);
        }
        if (before == Phase.INTERRUPTED) {
            interruptions.end(stock, at);
        }
        withdraw(stock, at, listener);
        stock.markBookDirty();
        listener.phaseChanged(stock, before, stock.phase(), at);
    }

    /** Ends a halt: orders collect for a time and trade at one price. */
    public void resume(Stock stock, Instant at, Listener listener) {
        stock.haltedUntil = at;
        if (stock.phase() == Phase.HALTED) {
            changeBookPhase(stock, at, listener);
        }
    }

    /** Suspends every stock of both venues until then, also those that are not active yet. */
    public void haltAll(Instant until, Instant at, Listener listener) {
        marketHaltedFrom = at;
        marketHaltedUntil = until;
        catchUp.setHalt(at, until.isBefore(Instant.MAX) ? until.plus(rules.resuming()) : until);
        all().forEach(stock -> halt(stock, until, at, listener));
    }

    // ---- the rest ------------------------------------------------------------------------------------------------

    /** Plays the rest of the ending day: stocks from before a restart are activated, and dormant ones trade to its end. */
    public void finishDay() {
        stocks.activateStored(day);
        Instant end = endOfDay(day.plusDays(1));
        all().forEach(stock -> bringUpToDate(stock, end));
    }

    private Instant endOfDay(LocalDate newDay) {
        Instant midnight = KoreanCatchUp.midnight(newDay);
        return midnight.isBefore(now()) ? midnight : now();
    }

    /**
     * Starts a new business day for every stock, also for those not activated since the start.
     *
     * @param at the current time, which may be days after the last instant played
     */
    public void rollDay(LocalDate newDay, Instant at) {
        // Unattended trades belong to the ending day, and its close is the base of the next.
        finishDay();
        Instant midnight = KoreanCatchUp.midnight(newDay);
        Instant end = midnight.isBefore(at) ? midnight : at;
        LocalDate missed = day.plusDays(1);
        day = newDay;
        startedAt = end;
        interruptions.clear();
        marketHaltedUntil = Instant.MIN;
        catchUp.beginDay();
        all().forEach(stock -> {
            stock.rollDay(newDay);
            if (stock == stock.main() && missed.isBefore(newDay)) {
                stock.changeBase(basePrices.basePrice(
                        stock.instrument(), missed, stock.tape().base(), newDay));
            }
            stock.markDormant(end);
        });
    }

    /** The active stocks, those of KRX first. */
    public Collection<Stock> all() {
        return stocks.all();
    }
}
