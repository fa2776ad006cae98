package kr.kisgateway.simulator.us;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import kr.kisgateway.market.UsInstrument;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.UsTicks;
import kr.kisgateway.simulator.exchange.Pit;
import kr.kisgateway.simulator.exchange.Tape;

/** One US stock that has come to life: its book, the figures of the trading date, and the state of its agents. */
public final class UsStock {
    /** What a market maker shows at a level on average: 20,000 dollars. */
    private static final long LEVEL_VALUE = 20_000 * 10_000L;

    private static final int MOST_PRINTS = 30;

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
        begin();
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

    /** US stocks have no price limits, but their agents lose interest farther than a quarter from the base. */
    private void begin() {
        long base = tape().base();
        pit.limit(UsTicks.snapDown(base + base / 4), UsTicks.snapDown(base - base / 4));
        pit.value(tape().last());
    }

    /** The last trades since the start of the program, the newest first. */
    public List<UsPrint> prints() {
        return List.copyOf(prints);
    }

    void printed(UsPrint print) {
        prints.addFirst(print);
        if (prints.size() > MOST_PRINTS) {
            prints.removeLast();
        }
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
