package kr.kisgateway.simulator.us;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsListing;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.UsWindow;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.exchange.ActiveMarket;
import kr.kisgateway.simulator.exchange.ActivityRate;
import kr.kisgateway.simulator.exchange.Agents;
import kr.kisgateway.simulator.exchange.MarketClock;
import kr.kisgateway.simulator.exchange.MarketRules;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.history.DailyBar;

/** The US market: all live stocks and its sessions. Trading is continuous in every open session; there are no auctions. */
public final class UsMarket extends ActiveMarket<UsStock, UsMarket.Listener> {
    private static final MarketClock CLOCK = MarketClock.US;

    private static final int LONGEST_HOLIDAY = 15;

    /** Converts turnover into won, as the Korean market measures it. */
    private static final double WON_PER_DOLLAR = 1_400;

    /** Receives session changes, too. */
    public interface Listener extends ActiveMarket.Listener<UsStock> {
        /** A session ends at this instant; the state is still that of the session. */
        void windowEnding(UsWindow window, Instant at);

        /**
         * Another session has started.
         *
         * @param rolled whether the books are on a new trading date with it
         */
        void windowBegun(UsWindow before, UsWindow window, boolean rolled, Instant at);
    }

    private final UsHours hours;
    private final long seed;
    private final UsCatchUp catchUp;
    private final UsDailyHistory dailyHistory;
    /** Days that ended and are not stored yet. */
    private final List<Change.Traded> endedDays = new ArrayList<>();

    private final Map<UsSymbol, Tape.Figures> storedFigures = new HashMap<>();
    private final Map<UsSymbol, UsStock> stocks = new TreeMap<>();
    private Optional<UsListing> listing = Optional.empty();
    private UsWindow window;
    private LocalDate date;

    /**
     * @param actionsPerSecond agent actions a second in a live stock in the regular session; 0 = no agents
     * @param rules whether stocks trade unattended, and whether agents are as active as the listing shows
     */
    public UsMarket(UsHours hours, long seed, double actionsPerSecond, MarketRules rules, Instant now) {
        super(rules, actionsPerSecond, now, Comparator.comparing(UsStock::symbol));
        this.catchUp = new UsCatchUp(hours, seed, this::date);
        this.hours = hours;
        this.seed = seed;
        this.dailyHistory = new UsDailyHistory(seed, dormantTrading);
        this.window = hours.at(now);
        this.date = lastTradingDay(window.date());
    }

    private LocalDate lastTradingDay(LocalDate from) {
        LocalDate day = from;
        for (int i = 0; i < LONGEST_HOLIDAY && !hours.isTradingDay(day); i++) {
            day = day.minusDays(1);
        }
        return day;
    }

    public UsHours hours() {
        return hours;
    }

    /** Every day before today. */
    public UsDailyHistory dailyHistory() {
        return dailyHistory;
    }

    /** The current session. */
    public UsWindow window() {
        return window;
    }

    /** The trading date of the books: on days without trading the last one. */
    public LocalDate date() {
        return date;
    }

    /** When a minute of the current trading date starts, given as that of New York's clock. */
    public Instant startOfMinute(int minuteOfDay) {
        return catchUp.day(date).startOfMinute(minuteOfDay);
    }

    /** The listing, read at its first request. */
    public UsListing listing() {
        UsListing existing = listing.orElseGet(UsListing::load);
        listing = Optional.of(existing);
        return existing;
    }

    /** The stock, with its book ready though not necessarily trading; empty when it is not listed. */
    public Optional<UsStock> find(UsSymbol symbol) {
        return broughtUpToDate(live(symbol));
    }

    private Optional<UsStock> live(UsSymbol symbol) {
        UsStock existing = stocks.get(symbol);
        if (existing != null) {
            return Optional.of(existing);
        }
        return listing().find(symbol).map(instrument -> {
            UsStock created = new UsStock(instrument, seed);
            Tape.Figures figures = storedFigures.remove(symbol);
            if (figures == null) {
                created.changeBase(dailyHistory.base(instrument, LocalDate.MIN, instrument.close(), date));
            }
            if (dormantTrading) {
                created.markDormant(CLOCK.start(catchUp.day(date).first()));
            }
            if (figures != null) {
                resume(created, figures);
            }
            stocks.put(symbol, created);
            return created;
        });
    }

    /**
     * Resumes from the figures before a restart: the minutes behind them are replayed; where they differ, because the stock was
     * traded order by order, minutes are drawn that add up to the figures.
     */
    private void resume(UsStock stock, Tape.Figures figures) {
        Instant playedTo = figures.playedTo() == 0 ? now() : Instant.ofEpochMilli(figures.playedTo());
        stock.changeBase(figures.base());
        if (!replay(stock, figures, playedTo)) {
            UsTimetable day = catchUp.day(date);
            long until = Math.clamp(CLOCK.minute(playedTo), day.first(), day.end() - 1);
            if (dormantTrading && figures.open() > 0) {
                stock.tape().replaceMinutes(drawn(stock, figures, day, until));
            }
            stock.tape().completeMinutes(day.minuteOfDay(until));
            // The rest of the minute in which the program ended is lost.
            stock.markDormant(CLOCK.start(CLOCK.minute(playedTo) + 1));
        }
    }

    private List<Minutes.Bar> drawn(UsStock stock, Tape.Figures figures, UsTimetable day, long until) {
        return dailyHistory.minutes(stock.instrument(), DailyBar.soFar(date, figures), day.tradedUntil(until)).stream()
                .map(bar -> bar.at(day.minuteOfDay(day.first() + bar.minute())))
                .toList();
    }

    /** At most until the trading date ends. */
    @Override
    protected boolean catchUp(UsStock stock, Instant at) {
        Instant end = CLOCK.start(catchUp.day(date).end());
        return catchUp.catchUp(stock, at.isBefore(end) ? at : end);
    }

    /** The active stocks. */
    public Collection<UsStock> all() {
        return stocks.values();
    }

    @Override
    protected boolean isActive(UsStock stock) {
        return window.session().isOpen();
    }

    @Override
    protected ActivityRate activity(UsStock stock, Instant at) {
        if (rules.realTurnover()) {
            long volume = stock.instrument().volume();
            return ActivityRate.of(
                    volume,
                    (double) volume * stock.instrument().close() / 10_000 * WON_PER_DOLLAR,
                    actionsPerSecond,
                    Math.max(1, catchUp.share(stock, at)),
                    catchUp.movement(stock, at));
        }
        // The lower activity outside the regular session is assumed.
        double share = switch (window.session()) {
            case REGULAR -> 1;
            case PRE, AFTER -> 0.25;
            case DAY_MARKET, CLOSED -> 0.125;
        };
        return ActivityRate.even(actionsPerSecond * share);
    }

    @Override
    protected void act(UsStock stock, Instant at, Listener listener) {
        Agents.act(stock.stockBook(), agentActions(stock, at, listener), true);
    }

    @Override
    protected void miss(UsStock stock, Instant at, Instant oldest, boolean sleeps, Listener listener) {
        stock.stockBook().unschedule();
        if (sleeps) {
            stock.markDormant(at);
        } else if (isActive(stock)) {
            schedule(stock, oldest);
        }
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    @Override
    protected Instant nextChange() {
        return hours.hasDefinedEnd() ? window.until() : Instant.MAX;
    }

    @Override
    protected void change(Instant at, Listener listener) {
        changeWindow(hours.at(at), at, listener);
    }

    @Override
    protected void changeUntimed(Instant at, Listener listener) {
        if (hours.hasDefinedEnd()) {
            return;
        }
        UsWindow next = hours.at(at);
        if (next.session() != window.session() || !next.date().equals(window.date())) {
            changeWindow(next, at, listener);
        }
    }

    private void changeWindow(UsWindow next, Instant at, Listener listener) {
        UsWindow before = window;
        listener.windowEnding(before, at);
        if (before.session() == UsSession.REGULAR) {
            stocks.values().forEach(stock -> stock.tape().close());
        }
        window = next;
        boolean rolled = hours.isTradingDay(next.date()) && next.date().isAfter(date);
        if (rolled) {
            stocks.values().forEach(stock -> Agents.withdraw(stock.stockBook(), agentActions(stock, at, listener)));
            rollDay(next.date());
        }
        for (UsStock stock : stocks.values()) {
            if (!next.session().isOpen()) {
                Agents.withdraw(stock.stockBook(), agentActions(stock, at, listener));
            } else if (listener.isWatched(stock) || stock.stockBook().isOfInterest(at)) {
                activate(stock, at, listener);
            }
            stock.markBookDirty();
        }
        listener.windowBegun(before, next, rolled, at);
    }

    /** Sessions matter once a stock is live. */
    @Override
    public Optional<Instant> nextAction() {
        return stocks.isEmpty() ? Optional.empty() : super.nextAction();
    }

    // ---- restart -------------------------------------------------------------------------------------------------

    void restore(LocalDate tradingDate) {
        date = tradingDate;
    }

    void restore(UsSymbol symbol, Tape.Figures figures) {
        storedFigures.put(symbol, figures);
    }

    /** Rolls to a trading date that began during the downtime. Returns whether there was one. */
    boolean catchUp() {
        LocalDate today = lastTradingDay(window.date());
        if (!today.isAfter(date)) {
            return false;
        }
        rollDay(today);
        return true;
    }

    /** Rolls the day also for stocks that traded before the restart and were not requested since. */
    private void rollDay(LocalDate to) {
        storedFigures.keySet().stream().sorted().toList().forEach(this::find);
        if (isStarted() && dormantTrading) {
            stocks.values()
                    .forEach(stock ->
                            bringUpToDate(stock, CLOCK.start(catchUp.day(date).end())));
        }
        for (UsStock stock : stocks.values()) {
            dailyHistory
                    .end(stock.symbol(), stock.symbol().exchange().name(), date, stock.tape())
                    .ifPresent(bar -> endedDays.add(new Change.Traded(stock.symbol(), bar)));
            stock.rollDay();
            stock.changeBase(dailyHistory.base(
                    stock.instrument(), date.plusDays(1), stock.tape().base(), to));
            if (dormantTrading) {
                stock.markDormant(CLOCK.start(catchUp.day(to).first()));
            }
        }
        date = to;
    }

    /** Removes and returns the days that ended since the last call. */
    List<Change.Traded> takeEndedDays() {
        List<Change.Traded> taken = List.copyOf(endedDays);
        endedDays.clear();
        return taken;
    }

    // ---- orders --------------------------------------------------------------------------------------------------

    /**
     * Executes an order of {@code id} (above 0: a user's) against resting ones; returns the quantity left.
     *
     * @param limit the worst price it accepts
     */
    @Override
    public long take(UsStock stock, long id, Side side, long limit, long qty, Instant at, Listener listener) {
        long left = stock.book().take(side, limit, qty, (maker, price, done) -> {
            trade(stock, maker, id, side, price, done, at, listener);
            stock.addTrade(new UsTrade(
                    at,
                    window.session(),
                    price,
                    done,
                    stock.tape().figures().volume(),
                    stock.book().best(Side.BUY),
                    stock.book().best(Side.SELL)));
        });
        stock.markBookDirty();
        return left;
    }

    long reduce(UsStock stock, long id, long qty) {
        stock.markBookDirty();
        return stock.book().reduce(id, qty);
    }
}
