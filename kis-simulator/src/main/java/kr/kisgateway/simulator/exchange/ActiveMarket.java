package kr.kisgateway.simulator.exchange;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import kr.kisgateway.market.Side;

/**
 * The virtual time of all stocks of one market: their agents, and the ends of phases or sessions.
 *
 * <p>{@link #advance} plays everything due up to now in the order of (instant, name of the stock), so the trades do not depend
 * on how often the caller checks the clock. A stock sleeps when it was not requested for a minute. After a pause longer
 * than {@link #BACKLOG} (a suspended machine) missed actions are dropped instead of played; changes of phases and sessions
 * never are.
 */
public abstract class ActiveMarket<S extends ActiveStock, L extends ActiveMarket.Listener<S>> {
    /** The most missed agent time that is played. */
    private static final Duration BACKLOG = Duration.ofSeconds(2);

    /** How long a stock trades after its last request. */
    private static final Duration INTEREST = Duration.ofSeconds(60);

    /** Receives trades, and fills of users' orders (ids above 0), in the order they happen. */
    public interface Listener<S> {
        void filled(S stock, long orderId, long price, long qty, Instant at);

        /** @param aggressor the side that took; empty for trades of an auction or at the closing price */
        void traded(S stock, long price, long qty, Optional<Side> aggressor, Instant at);

        /** Whether a registration or a resting user order keeps the stock awake. */
        boolean isWatched(S stock);
    }

    protected final MarketRules rules;
    protected final double actionsPerSecond;
    protected final boolean dormantTrading;
    private final PriorityQueue<S> due;
    private boolean started;
    private Instant now;

    /**
     * @param actionsPerSecond agent actions, and so about trades, a second in each live stock; 0 = no agents
     * @param now the start of its time
     * @param byName the order of stocks that act at the same instant
     */
    protected ActiveMarket(MarketRules rules, double actionsPerSecond, Instant now, Comparator<S> byName) {
        this.rules = rules;
        this.actionsPerSecond = actionsPerSecond;
        this.dormantTrading = rules.dormantTrading() && actionsPerSecond > 0;
        this.due = new PriorityQueue<>(
                Comparator.comparing((S s) -> s.stockBook().next).thenComparing(byName));
        this.now = now;
    }

    // ---- what each market decides --------------------------------------------------------------------------------

    /** When the next phase or session ends; the far future when none is known. */
    protected abstract Instant nextChange();

    /** Plays the end of the phase or session that {@link #nextChange} announced for {@code at}. */
    protected abstract void change(Instant at, L listener);

    /** Changes the phase or session where the hours do not define its end, so that each check may find another one. */
    protected abstract void changeUntimed(Instant at, L listener);

    /** Whether agents act in the current phase or session. */
    protected abstract boolean isActive(S stock);

    /** How active the stock's agents are. */
    protected abstract ActivityRate activity(S stock, Instant at);

    /** Plays one action of the stock's agents. */
    protected abstract void act(S stock, Instant at, L listener);

    /**
     * Drops what a stock's agents missed while time stood still: they continue at {@code oldest}, or sleep.
     *
     * @param at of the first missed action
     * @param sleeps whether the stock is no longer needed and trades unattended from then on
     */
    protected abstract void miss(S stock, Instant at, Instant oldest, boolean sleeps, L listener);

    /** Executes an order of an agent against resting ones; returns the quantity left. */
    protected abstract long take(S stock, long id, Side side, long limit, long qty, Instant at, L listener);

    /** Plays what a dormant stock missed. Returns whether anything traded. */
    protected abstract boolean catchUp(S stock, Instant at);

    /** The first step of time. Orders from before a restart may rest. */
    protected void resumeAfterRestart(Instant at, L listener) {}

    // ---- time ----------------------------------------------------------------------------------------------------

    /** Plays every agent action and every end of a phase or session due up to {@code until}. */
    public final void advance(Instant until, L listener) {
        if (!started) {
            started = true;
            resumeAfterRestart(until, listener);
        }
        changeUntimed(until, listener);
        Instant oldest = until.minus(BACKLOG);
        while (true) {
            Instant change = nextChange();
            Instant action = due.isEmpty() ? Instant.MAX : due.peek().stockBook().next;
            if (change.isAfter(until) && action.isAfter(until)) {
                break;
            }
            if (!change.isAfter(action)) {
                now = change;
                change(change, listener);
            } else if (action.isBefore(oldest)) {
                S acting = due.remove();
                boolean isNeeded = acting.stockBook().isOfInterest(oldest) || listener.isWatched(acting);
                miss(acting, action, oldest, dormantTrading && !isNeeded, listener);
            } else {
                now = action;
                play(due.remove(), action, listener);
            }
        }
        now = until;
    }

    private void play(S stock, Instant at, L listener) {
        boolean isNeeded = stock.stockBook().isOfInterest(at) || listener.isWatched(stock);
        // Scheduled it stays: a receiver of its trades may request it, and it is awake.
        if (isNeeded && isActive(stock)) {
            act(stock, at, listener);
            schedule(stock, at);
        } else {
            deactivate(stock, at, listener);
        }
    }

    /** The agents of a stock stop until it is requested again. */
    protected void deactivate(S stock, Instant at, L listener) {
        stock.stockBook().unschedule();
        stock.markDormant(at);
        stock.tape().playedTo(at);
    }

    protected final void schedule(S stock, Instant from) {
        updateActivity(stock, from);
        stock.stockBook().schedule(from, stock.stockBook().activity().perSecond());
        due.add(stock);
    }

    /** Lets a missed action happen at another instant. */
    protected final void postpone(S stock, Instant to) {
        stock.stockBook().next = to;
        due.add(stock);
    }

    /** The instant up to which everything has been played. */
    public final Instant now() {
        return now;
    }

    /** The next instant at which {@link #advance} has work; empty when every stock sleeps. */
    public Optional<Instant> nextAction() {
        return Stream.concat(
                        Stream.ofNullable(due.peek()).map(stock -> stock.stockBook().next), Stream.of(nextChange()))
                .min(Comparator.naturalOrder())
                .filter(at -> at.isBefore(Instant.MAX));
    }

    // ---- interest ------------------------------------------------------------------------------------------------

    /** Records interest: the agents quote at once and trade for the next minute. */
    public final void wake(S stock, Instant at, L listener) {
        stock.stockBook().extendInterest(at.plus(INTEREST));
        activate(stock, at, listener);
    }

    /** Starts the agents of a stock, where they act at this hour. */
    protected final void activate(S stock, Instant at, L listener) {
        if (stock.stockBook().isScheduled() || !isActive(stock) || actionsPerSecond <= 0) {
            return;
        }
        if (started) {
            bringUpToDate(stock, at);
        } else {
            // Prices must not have passed orders that rested while the program did not run.
            stock.markDormant(at);
        }
        quote(stock, at, listener);
        schedule(stock, at);
    }

    /** The agents' first quotes. */
    protected void quote(S stock, Instant at, L listener) {
        updateActivity(stock, at);
        Agents.quote(stock.stockBook(), agentActions(stock, at, listener));
    }

    private void updateActivity(S stock, Instant at) {
        stock.stockBook().activity(activity(stock, at));
    }

    protected final AgentActions agentActions(S stock, Instant at, L listener) {
        return stock.actions((id, side, limit, qty) -> take(stock, id, side, limit, qty, at, listener));
    }

    // ---- dormant stocks ------------------------------------------------------------------------------------------

    /** Plays the completed minutes of a stock if it is dormant. */
    protected void bringUpToDate(S stock, Instant at) {
        if (dormantTrading && !stock.stockBook().isScheduled() && catchUp(stock, at)) {
            stock.caughtUp();
        }
    }

    /**
     * Restores the figures from before a restart. The minutes behind them are replayed; false when these do not add up to them,
     * because the stock was traded order by order or under other rules.
     */
    protected final boolean replay(S stock, Tape.Figures figures, Instant playedTo) {
        if (dormantTrading) {
            catchUp(stock, playedTo);
        }
        boolean isSame = stock.tape().figures().volume() == figures.volume()
                && stock.tape().last() == figures.last();
        stock.restore(figures);
        return isSame && dormantTrading;
    }

    /** Catches the stock up to now; before the first step of time there is no now. */
    protected final Optional<S> broughtUpToDate(Optional<S> stock) {
        if (started) {
            stock.ifPresent(it -> bringUpToDate(it, now));
        }
        return stock;
    }

    protected final boolean isStarted() {
        return started;
    }

    /** Whether stocks trade unattended. */
    public final boolean tradesByItself() {
        return dormantTrading;
    }

    /** Adds a trade of continuous trading to the stock's figures and reports it, then the fills of users' orders. */
    protected static <S extends ActiveStock> void trade(
            S stock, long maker, long taker, Side side, long price, long qty, Instant at, Listener<S> listener) {
        stock.tape().add(price, qty, Optional.of(side), stock.clock().timeOfDay(at));
        stock.tape().playedTo(at);
        listener.traded(stock, price, qty, Optional.of(side), at);
        reportFill(stock, maker, price, qty, at, listener);
        reportFill(stock, taker, price, qty, at, listener);
        if (maker > 0 || taker > 0) {
            stock.stockBook().followTrade(side, price);
        }
    }

    static <S> void reportFill(S stock, long id, long price, long qty, Instant at, Listener<S> listener) {
        if (id > 0) {
            listener.filled(stock, id, price, qty, at);
        }
    }
}
