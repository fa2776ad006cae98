package kr.kisgateway.simulator.exchange;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import kr.kisgateway.market.Side;

/** An active stock of any market on one venue: its book, its day's figures, and whether its book was published. */
public abstract class ActiveStock {
    private final MarketClock clock;
    final StockBook stockBook;
    final DormantStock dormant;
    private boolean bookDirty;
    private Instant bookPublishedAt = Instant.MIN;

    /** The last price that an auction made; 0 = none yet. */
    long staticReference;

    /** While dormant: the first minute since 1970 in which it trades again after an interruption. */
    long pausedUntil;

    /** While dormant: the instant up to which auctions, and the minute from which minutes, are still to be caught up. */
    Instant playedTo = Instant.MAX;

    long nextMinute;

    /** When it was last traded order by order, or had its last auction. */
    Instant detailTo = Instant.MIN;

    /**
     * @param key from which the stock's draws follow
     * @param dailyVolume shares of a typical day
     * @param width standard deviation of a typical day's return
     * @param unitsPerWon units of the currency for a won
     */
    protected ActiveStock(
            MarketClock clock, StockBook stockBook, long key, long dailyVolume, double width, double unitsPerWon) {
        this.clock = clock;
        this.stockBook = stockBook;
        this.dormant = new DormantStock(stockBook, key, dailyVolume, width, unitsPerWon);
    }

    /** The key of a stock. */
    protected static long key(long seed, int hashOfSymbol) {
        return seed * 0x9E3779B97F4A7C15L + hashOfSymbol;
    }

    /** Its book with the state of its agents. */
    public final StockBook stockBook() {
        return stockBook;
    }

    /** Its minutes without agents. */
    public final DormantStock dormant() {
        return dormant;
    }

    final MarketClock clock() {
        return clock;
    }

    /** Sets the limits of the day, which follow from its base price. */
    protected abstract void updateLimits();

    /** Records that unattended trades changed the figures: the earlier quotes belong to another price. */
    protected void caughtUp() {
        stockBook.dropAllQuotes(book()::cancel);
        resetFairPrice();
    }

    /** Sets the fair price to the last price. */
    protected void resetFairPrice() {
        stockBook.setFairPrice(tape().last());
    }

    /** Restores the figures from before a restart. */
    protected void restore(Tape.Figures figures) {
        tape().restore(figures);
        updateLimits();
        stockBook.setFairPrice(tape().last());
    }

    public final MatchingBook book() {
        return stockBook.book();
    }

    public final Tape tape() {
        return stockBook.tape();
    }

    /** While dormant: the first minute since 1970 that is still to be caught up. */
    public final long nextMinute() {
        return nextMinute;
    }

    /** Makes the stock dormant, from that instant on; everything before it has been traded or is lost. */
    public final void markDormant(Instant at) {
        playedTo = at;
        detailTo = at;
        long minute = clock.minute(at);
        nextMinute = clock.start(minute).isBefore(at) ? minute + 1 : minute;
    }

    /** What a restart needs to play the minutes after these bars, while dormant. */
    final StoredMinutes storedMinutes(List<Minutes.Bar> bars) {
        return new StoredMinutes(bars, playedTo, nextMinute, staticReference, pausedUntil);
    }

    /** Starts the next day at the last price. */
    protected final void rollTape() {
        tape().roll();
        updateLimits();
        stockBook.setFairPrice(tape().last());
    }

    /** Starts the day at another base price, after days on which the stock was not simulated. */
    public final void changeBase(long base) {
        if (base != tape().base()) {
            tape().rollTo(base);
            updateLimits();
            stockBook.setFairPrice(tape().last());
        }
    }

    /** Rests an order in the book. */
    public final void rest(long id, Side side, long price, long qty) {
        book().rest(id, side, price, qty);
        bookDirty = true;
    }

    /** Records that the visible book may have changed. */
    public final void markBookDirty() {
        bookDirty = true;
    }

    /** Requests the publication of the book at the next occasion, as for a new subscriber. */
    public final void requestBookPublication() {
        bookDirty = true;
        bookPublishedAt = Instant.MIN;
    }

    /** Whether the visible book changed since its last publication and {@code spacing} has passed; marks it published. */
    public final boolean takeBookDue(Instant at, Duration spacing) {
        if (!bookDirty || bookPublishedAt.plus(spacing).isAfter(at)) {
            return false;
        }
        bookDirty = false;
        bookPublishedAt = at;
        return true;
    }

    /** Executes an order of an agent on the market of its stock; returns the quantity left. */
    public interface Taker {
        long take(long id, Side side, long limit, long qty);
    }

    /** The stock as its agents trade it. */
    public final AgentActions actions(Taker taker) {
        return new AgentActions() {
            @Override
            public long take(long id, Side side, long limit, long qty) {
                return taker.take(id, side, limit, qty);
            }

            @Override
            public void rest(long id, Side side, long price, long qty) {
                ActiveStock.this.rest(id, side, price, qty);
            }

            @Override
            public void restAtMarket(long id, Side side, long qty) {
                book().restAtMarket(id, side, qty);
                markBookDirty();
            }

            @Override
            public void cancel(long id) {
                book().cancel(id);
                markBookDirty();
            }
        };
    }
}
