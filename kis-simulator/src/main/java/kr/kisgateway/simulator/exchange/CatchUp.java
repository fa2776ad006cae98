package kr.kisgateway.simulator.exchange;

import java.time.Instant;
import java.util.List;
import kr.kisgateway.market.Phase;

/**
 * Catches the dormant stocks of one market up to an instant: the auctions that ended by then and the completed minutes, each
 * computed by {@link DormantStock}.
 *
 * <p>Rankings need the figures of thousands of stocks and the minutes of none. So only the figures are computed at once; the
 * minutes are computed again, from the same start, when they are requested.
 */
public abstract class CatchUp<S extends ActiveStock> {
    /** The most minutes caught up at once; only a day that never ends is longer. */
    protected static final int MAX_MINUTES = Timetable.MINUTES;

    /** Receives the minutes and auctions of a stretch. */
    protected interface Sink {
        void minute(DormantStock.Walk walk, long minute, int minuteOfDay);

        void auction(DormantStock.Walk walk, Instant at, Phase phase);
    }

    private final MarketClock clock;
    private final long seed;
    private final boolean auctions;

    /**
     * @param seed of the moves of the whole market
     * @param auctions whether there are trades between two minutes
     */
    protected CatchUp(MarketClock clock, long seed, boolean auctions) {
        this.clock = clock;
        this.seed = seed;
        this.auctions = auctions;
    }

    /** The trading date of the stock to which a minute belongs. */
    protected abstract Timetable timetable(S stock, long minute);

    /**
     * Plays a stretch: the minutes of a trading date from {@code firstBar} on that were complete by {@code until}. A market with
     * auctions adds those that ended after {@code from}.
     */
    protected void play(S stock, DormantStock.Walk walk, Instant from, long firstBar, Instant until, Sink sink) {
        Timetable day = timetable(stock, firstBar);
        long end = clock.minute(until);
        for (long minute = Math.max(firstBar, day.first()); minute < end; minute++) {
            long share = day.share(minute);
            if (share > 0 && stock.dormant.minute(walk, minute, share, day.root(minute), marketMove(minute), false)) {
                sink.minute(walk, minute, day.minuteOfDay(minute));
            }
        }
    }

    /** A minute ended in an interruption of the stock. A market without interruptions has none. */
    protected void interrupted(S stock, DormantStock.Walk walk, long minute) {}

    /** A stretch: its start, from which its minutes follow, and its end. */
    final class DeferredMinutes implements Tape.Deferred {
        private final S stock;
        private final StoredMinutes start;
        private final long last;
        private Instant until;

        DeferredMinutes(S stock) {
            this.stock = stock;
            this.start = stock.storedMinutes(List.of());
            this.last = stock.tape().last();
            this.until = start.until();
        }

        /** What a restart needs to play the stretch again, after the bars before it. */
        StoredMinutes startAfter(List<Minutes.Bar> bars) {
            return new StoredMinutes(bars, start.until(), start.nextMinute(), start.reference(), start.pausedUntil());
        }

        /** Whether the time up to {@code now} continues this stretch. */
        private boolean isContinuedTo(Instant now) {
            return until.equals(stock.playedTo) && clock.minute(now) - clock.minute(start.until()) < MAX_MINUTES;
        }

        private DormantStock.Walk walk() {
            DormantStock.Walk walk = new DormantStock.Walk();
            walk.last = last;
            walk.reference = start.reference();
            walk.pausedUntil = start.pausedUntil();
            return walk;
        }

        @Override
        public void fill(Minutes minutes) {
            play(stock, walk(), start.until(), start.nextMinute(), until, new Sink() {
                @Override
                public void minute(DormantStock.Walk it, long minute, int minuteOfDay) {
                    minutes.add(
                            new Minutes.Bar(minuteOfDay, it.open, it.high, it.low, it.close, it.volume, it.turnover));
                }

                @Override
                public void auction(DormantStock.Walk it, Instant at, Phase phase) {
                    if (it.volume > 0) {
                        minutes.add(minuteOfDay(stock, at), it.close, it.volume);
                    }
                }
            });
        }
    }

    /** Computes the figures of a stretch. */
    private final class Figures implements Sink {
        private final S stock;
        private boolean traded;

        Figures(S stock) {
            this.stock = stock;
        }

        @Override
        public void minute(DormantStock.Walk it, long minute, int minuteOfDay) {
            traded = true;
            DormantStock dormant = stock.dormant();
            stock.tape().addFigures(minuteOfDay, it, dormant.bought(it, minute), dormant.trades(it.volume));
            if (it.interrupted) {
                interrupted(stock, it, minute);
            }
        }

        @Override
        public void auction(DormantStock.Walk it, Instant at, Phase phase) {
            stock.detailTo = later(stock.detailTo, at);
            if (it.volume > 0) {
                traded = true;
                stock.tape().addFigures(it.close, it.volume, clock.timeOfDay(at));
            }
            if (phase == Phase.CLOSING_AUCTION) {
                stock.tape().close();
            }
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Catches the stock up to {@code now}. Returns whether anything traded. */
    public final boolean catchUp(S stock, Instant now) {
        Instant from = stock.playedTo;
        long end = clock.minute(now);
        if (!from.isBefore(now) || !auctions && end <= stock.nextMinute) {
            return false;
        }
        Tape tape = stock.tape();
        DeferredMinutes next = new DeferredMinutes(stock);
        CatchUp<?>.DeferredMinutes stretch =
                tape.deferred() instanceof CatchUp<?>.DeferredMinutes current && current.isContinuedTo(now)
                        ? current
                        : next;
        // Once the earlier minutes have been loaded a new stretch starts, computed when it is requested.
        if (tape.deferred() != stretch) {
            tape.minutes();
        }
        DormantStock.Walk walk = next.walk();
        Figures figures = new Figures(stock);
        play(stock, walk, from, stock.nextMinute, now, figures);
        stock.playedTo = now;
        stock.nextMinute = Math.max(stock.nextMinute, end);
        stock.staticReference = walk.reference;
        stock.pausedUntil = walk.pausedUntil;
        stretch.until = now;
        tape.defer(stretch);
        // A restart loses the rest of a minute with an auction, or of one in which a stock fell asleep.
        tape.playedTo(later(stock.detailTo, clock.start(end)));
        return figures.traded;
    }

    /** Millionths of its daily volume that the stock trades in the minute of {@code at}. */
    public final long share(S stock, Instant at) {
        long minute = clock.minute(at);
        return timetable(stock, minute).share(minute);
    }

    /** How far the price of the stock moves in the minute of {@code at}, in hundredths of a tick. */
    public final long movement(S stock, Instant at) {
        long minute = clock.minute(at);
        return stock.dormant().movement(minute, timetable(stock, minute).root(minute));
    }

    /** The minute of the day of {@code at} by the clock on the wall. */
    public final int minuteOfDay(S stock, Instant at) {
        long minute = clock.minute(at);
        return timetable(stock, minute).minuteOfDay(minute);
    }

    /** The move of the whole market in a minute. */
    protected final double marketMove(long minute) {
        return DormantStock.marketMove(seed, minute);
    }

    protected final MarketClock clock() {
        return clock;
    }
}
