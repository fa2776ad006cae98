package kr.kisgateway.simulator.exchange;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Function;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/**
 * All live stocks and the virtual time in which their agents act.
 *
 * <p>Each stock has its next instant of action; {@link #advance} plays every action due up to now in the order of
 * (instant, symbol), so the trades do not depend on how often the caller looks at the clock. A stock sleeps when nobody
 * has asked for it for a minute. After a pause longer than {@link #BACKLOG} (a suspended machine) the missed actions
 * are left out instead of being made up for.
 */
public final class Exchange {
    /** How much missed agent time is played at most. */
    static final Duration BACKLOG = Duration.ofSeconds(2);

    /** How long a stock trades after the last sign of interest in it. */
    static final Duration INTEREST = Duration.ofSeconds(60);

    /** Told of trades and of fills of users' orders (ids above 0), in the order they happen. */
    public interface Listener {
        void filled(Stock stock, long orderId, long price, long qty, Instant at);

        void traded(Stock stock, long price, long qty, Side aggressor, Instant at);

        /** Whether somebody holds the stock awake: a registration or a resting user order. */
        boolean watched(Stock stock);
    }

    private final Function<Symbol, Optional<Instrument>> instruments;
    private LocalDate day;
    private boolean wasTrading;
    private final long seed;
    private final double actionsPerSecond;
    private final Map<Symbol, Tape.Figures> kept;
    private final Map<Symbol, Stock> stocks = new TreeMap<>();
    private final Map<Symbol, Optional<Instrument>> known = new HashMap<>();
    private final PriorityQueue<Stock> due =
            new PriorityQueue<>(Comparator.comparing((Stock s) -> s.next).thenComparing(Stock::symbol));

    /**
     * @param day the business date, for the dated rules of ticks and limits
     * @param actionsPerSecond agent actions, and so about trades, a second in each live stock; 0 = no agents
     * @param kept figures of stocks that traded before the restart
     */
    public Exchange(
            Function<Symbol, Optional<Instrument>> instruments,
            LocalDate day,
            long seed,
            double actionsPerSecond,
            Map<Symbol, Tape.Figures> kept) {
        this.instruments = instruments;
        this.day = day;
        this.seed = seed;
        this.actionsPerSecond = actionsPerSecond;
        this.kept = new HashMap<>(kept);
    }

    /** The stock, with its book ready though not necessarily trading; empty when no such instrument is listed. */
    public Optional<Stock> find(Symbol symbol) {
        Stock there = stocks.get(symbol);
        if (there != null) {
            return Optional.of(there);
        }
        return known.computeIfAbsent(symbol, instruments).map(instrument -> {
            Stock made = new Stock(instrument, day, seed);
            Tape.Figures figures = kept.remove(symbol);
            if (figures != null) {
                made.restore(figures);
            }
            stocks.put(symbol, made);
            return made;
        });
    }

    /** Notes interest: the agents quote at once and trade for the next minute. */
    public void wake(Stock stock, Instant now, Listener listener, boolean trading) {
        stock.interestUntil = now.plus(INTEREST);
        if (!stock.scheduled && trading && actionsPerSecond > 0) {
            Agents.quote(this, stock, now, listener);
            schedule(stock, now);
        }
    }

    /** Plays every agent action due up to {@code now}. */
    public void advance(Instant now, Listener listener, boolean trading) {
        if (trading && !wasTrading) {
            // The market opens, or the simulator starts with resting orders: what is wanted comes to life.
            List.copyOf(stocks.values()).stream()
                    .filter(listener::watched)
                    .forEach(stock -> wake(stock, now, listener, true));
        }
        wasTrading = trading;
        while (!due.isEmpty() && !due.peek().next.isAfter(now)) {
            Stock stock = due.remove();
            stock.scheduled = false;
            boolean wanted = stock.interestUntil.isAfter(stock.next) || listener.watched(stock);
            if (!trading || !wanted) {
                continue;
            }
            Instant at = stock.next;
            if (at.isBefore(now.minus(BACKLOG))) {
                at = now.minus(BACKLOG);
            }
            Agents.act(this, stock, at, listener);
            schedule(stock, at);
        }
    }

    /** The next instant at which {@link #advance} has something to do; empty when every stock sleeps. */
    public Optional<Instant> nextAction() {
        return Optional.ofNullable(due.peek()).map(stock -> stock.next);
    }

    /** Lets an order of {@code id} (above 0: a user's) take what rests against it; the quantity that found nobody. */
    public long take(Stock stock, long id, Side side, long limit, long qty, Instant at, Listener listener) {
        int time = Tape.timeOfDay(at.atZone(TradingCalendar.SEOUL).toLocalTime());
        long left = stock.book().take(side, limit, qty, (maker, price, done) -> {
            stock.tape().add(price, done, side, time);
            listener.traded(stock, price, done, side, at);
            if (maker > 0) {
                listener.filled(stock, maker, price, done, at);
            }
            if (id > 0) {
                listener.filled(stock, id, price, done, at);
            }
            if (maker > 0 || id > 0) {
                stock.movedBy(side, price);
            }
        });
        stock.bookDirty = true;
        return left;
    }

    public void rest(Stock stock, long id, Side side, long price, long qty) {
        stock.book().rest(id, side, price, qty);
        stock.bookDirty = true;
    }

    /** Rests an order directly behind the resting {@code anchor}, at its price. */
    public void restBehind(Stock stock, long anchor, long id, long qty) {
        stock.book().restBehind(anchor, id, qty);
        stock.bookDirty = true;
    }

    public long cancel(Stock stock, long id) {
        stock.bookDirty = true;
        return stock.book().cancel(id);
    }

    public long reduce(Stock stock, long id, long qty) {
        stock.bookDirty = true;
        return stock.book().reduce(id, qty);
    }

    /** Whether the visible book changed since it was last told and at least {@code spacing} has passed; marks it told. */
    public boolean bookDue(Stock stock, Instant now, Duration spacing) {
        if (!stock.bookDirty || stock.bookTold.plus(spacing).isAfter(now)) {
            return false;
        }
        stock.bookDirty = false;
        stock.bookTold = now;
        return true;
    }

    /** A new business day for every stock, also for those that have not come to life since the start. */
    public void roll(LocalDate newDay) {
        kept.keySet().stream().toList().forEach(this::find);
        day = newDay;
        stocks.values().forEach(stock -> stock.roll(newDay));
    }

    public Collection<Stock> stocks() {
        return stocks.values();
    }

    private void schedule(Stock stock, Instant from) {
        double mean = 1e9 / actionsPerSecond;
        stock.next = from.plusNanos((long) (mean * (0.5 + stock.random.nextDouble())));
        stock.scheduled = true;
        due.add(stock);
    }
}
