package kr.kisgateway.simulator.us;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsInstrument;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.UsTicks;
import kr.kisgateway.simulator.exchange.ActiveStock;
import kr.kisgateway.simulator.exchange.ActivityRate;
import kr.kisgateway.simulator.exchange.DormantStock;
import kr.kisgateway.simulator.exchange.MarketClock;
import kr.kisgateway.simulator.exchange.StockBook;
import kr.kisgateway.simulator.exchange.Tape;

/** One active US stock: its book, the figures of the trading date, and the state of its agents. */
public final class UsStock extends ActiveStock {
    /** The average value that a market maker quotes at a level: 20,000 dollars. */
    private static final long LEVEL_VALUE = 20_000 * 10_000L;

    /** The most trades of the list of the last ones. */
    public static final int MAX_TRADES = 30;

    /** Standard deviation of a typical day: no source has the volatility of each stock [assumed]. */
    private static final double WIDTH = 0.018;

    /** Ten-thousandths of a dollar for a won. */
    private static final double UNITS_PER_WON = 10_000.0 / 1_400;

    /** Value of a typical trade, in ten-thousandths of a dollar. */
    public static final long TRADE_VALUE = (long) (DormantStock.TRADE_VALUE * UNITS_PER_WON);

    private static final StockBook.Ticks TICKS = new StockBook.Ticks() {
        @Override
        public long tick(long price) {
            return UsTicks.tick(price);
        }

        @Override
        public long up(long price) {
            return UsTicks.nextUp(price);
        }

        @Override
        public long down(long price) {
            return UsTicks.nextDown(price);
        }

        @Override
        public long snapDown(long price) {
            return UsTicks.snapDown(price);
        }
    };

    private final UsInstrument instrument;
    /** The trading date's last trades that were made order by order, newest first. */
    private final Deque<UsTrade> recentTrades = new ArrayDeque<>();

    UsStock(UsInstrument instrument, long seed) {
        super(
                MarketClock.US,
                new StockBook(
                        TICKS,
                        // The base is the real close as it is; trading starts on a valid tick.
                        new Tape(instrument.close(), UsTicks.snapDown(instrument.close())),
                        LEVEL_VALUE,
                        key(seed, instrument.symbol().toString().hashCode())),
                key(seed, instrument.symbol().toString().hashCode()),
                instrument.volume(),
                WIDTH,
                UNITS_PER_WON);
        this.instrument = instrument;
        updateLimits();
        resetFairPrice();
    }

    @Override
    protected void caughtUp() {
        super.caughtUp();
        markBookDirty();
    }

    public UsSymbol symbol() {
        return instrument.symbol();
    }

    public UsInstrument instrument() {
        return instrument;
    }

    void rollDay() {
        recentTrades.clear();
        rollTape();
    }

    /** US stocks have no price limits, but their agents do not quote farther than a quarter from the base. */
    @Override
    protected void updateLimits() {
        long base = tape().base();
        stockBook().setLimits(UsTicks.snapDown(base + base / 4), UsTicks.snapDown(base - base / 4));
    }

    /** The trading date's last trades that were made order by order, newest first; those of dormant minutes are not among them. */
    public List<UsTrade> recentTrades() {
        return List.copyOf(recentTrades);
    }

    void addTrade(UsTrade trade) {
        recentTrades.addFirst(trade);
        if (recentTrades.size() > MAX_TRADES) {
            recentTrades.removeLast();
        }
    }

    /**
     * A price of a dormant book, as the agents would quote it: level 1 is the best.
     *
     * @return 0 where the stock has not traded today or its book has orders
     */
    public long dormantPrice(Side side, int level) {
        if (!stockBook().isEmpty() || tape().figures().volume() == 0) {
            return 0;
        }
        long price = UsTicks.snapDown(tape().last());
        for (int i = side == Side.SELL ? 0 : 1; i < level; i++) {
            price = side == Side.SELL ? UsTicks.nextUp(price) : UsTicks.nextDown(price);
        }
        return price;
    }

    /** Shares of such a level. */
    public long dormantQuantity(Side side, int level) {
        long typical = ActivityRate.level(instrument.volume(), 0);
        return dormantPrice(side, level) == 0
                ? 0
                : dormant().depth(typical, nextMinute(), side == Side.SELL ? level : -level);
    }
}
