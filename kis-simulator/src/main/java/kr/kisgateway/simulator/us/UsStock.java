package kr.kisgateway.simulator.us;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsInstrument;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.UsTicks;
import kr.kisgateway.simulator.exchange.MatchingBook;
import kr.kisgateway.simulator.exchange.Pace;
import kr.kisgateway.simulator.exchange.Pit;
import kr.kisgateway.simulator.exchange.Quiet;
import kr.kisgateway.simulator.exchange.Tape;

/** One US stock that has come to life: its book, the figures of the trading date, and the state of its agents. */
public final class UsStock {
    /** What a market maker shows at a level on average: 20,000 dollars. */
    private static final long LEVEL_VALUE = 20_000 * 10_000L;

    private static final int MOST_PRINTS = 30;

    /** Standard deviation of a usual day: no source says how far each stock moves [assumed]. */
    private static final double WIDTH = 0.018;

    /** Ten-thousandths of a dollar for a won. */
    private static final double UNITS_A_WON = 10_000.0 / 1_400;

    private static final Pit.Ticks TICKS = new Pit.Ticks() {
        @Override
        public long tick(long price) {
            return UsTicks.tick(price);
        }

        @Override
        public long up(long price) {
            return UsTicks.up(price);
        }

        @Override
        public long down(long price) {
            return UsTicks.down(price);
        }

        @Override
        public long snapDown(long price) {
            return UsTicks.snapDown(price);
        }
    };

    private final UsInstrument instrument;
    private final Pit pit;
    private final Quiet quiet;
    /** While nobody looks: the first minute since 1970 that is still to be caught up with. */
    private long nextMinute;

    /** The last trades, the newest first. */
    private final Deque<UsPrint> prints = new ArrayDeque<>();

    private boolean bookDirty;
    private Instant bookTold = Instant.MIN;

    UsStock(UsInstrument instrument, long seed) {
        this.instrument = instrument;
        this.pit = new Pit(
                TICKS,
                // The base is the real close as it is; trading starts on a valid tick.
                new Tape(instrument.close(), UsTicks.snapDown(instrument.close())),
                LEVEL_VALUE,
                seed * 0x9E3779B97F4A7C15L + instrument.symbol().toString().hashCode());
        this.quiet = new Quiet(
                pit,
                seed * 0x9E3779B97F4A7C15L + instrument.symbol().toString().hashCode(),
                instrument.volume(),
                WIDTH,
                UNITS_A_WON);
        begin();
    }

    Quiet quiet() {
        return quiet;
    }

    long nextMinute() {
        return nextMinute;
    }

    /** Nobody looks any more, or nobody has since then; minutes before it have been traded or are lost. */
    void playedTo(long minute) {
        nextMinute = minute;
    }

    /** What traded while nobody looked has changed the figures: the quotes of before are those of another price. */
    void caughtUp() {
        pit.dropAllQuotes(book()::cancel);
        pit.value(tape().last());
        touched();
    }

    private MatchingBook book() {
        return pit.book();
    }

    public UsSymbol symbol() {
        return instrument.symbol();
    }

    public UsInstrument instrument() {
        return instrument;
    }

    public Pit pit() {
        return pit;
    }

    public Tape tape() {
        return pit.tape();
    }

    void restore(Tape.Figures figures) {
        tape().restore(figures);
        begin();
    }

    void roll() {
        tape().roll();
        begin();
    }

    /** The day begins at another base price: that of days which the stock did not live through. */
    void beginAt(long base) {
        if (base != tape().base()) {
            tape().rollTo(base);
            begin();
        }
    }

    /** US stocks have no price limits, but their agents lose interest farther than a quarter from the base. */
    private void begin() {
        long base = tape().base();
        pit.limit(UsTicks.snapDown(base + base / 4), UsTicks.snapDown(base - base / 4));
        pit.value(tape().last());
    }

    /** The last trades, the newest first; of a minute in which nobody looked one. */
    public List<UsPrint> prints() {
        return List.copyOf(prints);
    }

    void printed(UsPrint print) {
        prints.addFirst(print);
        if (prints.size() > MOST_PRINTS) {
            prints.removeLast();
        }
    }

    /**
     * A price of a book that nobody has quoted yet, as its agents would: 1 is the best level.
     *
     * @return 0 where the stock has not traded today or somebody has something in its book
     */
    public long dormantPrice(Side side, int level) {
        if (!pit.isBare() || tape().figures().volume() == 0) {
            return 0;
        }
        long price = UsTicks.snapDown(tape().last());
        for (int i = side == Side.SELL ? 0 : 1; i < level; i++) {
            price = side == Side.SELL ? UsTicks.up(price) : UsTicks.down(price);
        }
        return price;
    }

    /** Shares of such a level. */
    public long dormantQuantity(Side side, int level) {
        long usual = Pace.level(instrument.volume(), 0);
        return dormantPrice(side, level) == 0 ? 0 : quiet.depth(usual, nextMinute, side == Side.SELL ? level : -level);
    }

    void touched() {
        bookDirty = true;
    }

    /** Asks for the book to be told at the next occasion, as to a new watcher. */
    public void tellBook() {
        bookDirty = true;
        bookTold = Instant.MIN;
    }

    /** Whether the book has changed and may be told again; then it counts as told. */
    public boolean bookDue(Instant at, Duration spacing) {
        if (!bookDirty
                || bookTold.isAfter(Instant.MIN) && bookTold.plus(spacing).isAfter(at)) {
            return false;
        }
        bookDirty = false;
        bookTold = at;
        return true;
    }
}
