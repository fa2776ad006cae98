package kr.kisgateway.simulator.exchange;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.market.VenueHours;
import org.jspecify.annotations.Nullable;

/**
 * Catches a dormant stock up to an instant: the auctions that ended by then and the completed minutes, each computed by
 * {@link DormantStock}.
 *
 * <p>Rankings need the figures of thousands of stocks and the minutes of none. So only the figures are computed at once; the
 * minutes are computed again, from the same start, when they are requested.
 *
 * <p>A venue's twin follows KRX: a minute that has a bar there closes at its price. So KRX is caught up first, and does
 * not depend on whether NXT is ever requested.
 */
final class CatchUp {
    /** The most minutes caught up at once; only a day that never ends is longer. */
    private static final int MAX_MINUTES = Timetable.MINUTES;

    private static final Duration LONGEST_RANDOM_END = Duration.ofSeconds(30);

    /** Receives the minutes and auctions of a stretch. */
    private interface Sink {
        void minute(DormantStock.Walk walk, long epochMinute);

        void auction(DormantStock.Walk walk, Instant at, Phase phase);
    }

    private final VenueHours hours;
    private final long seed;
    private final BiFunction<Stock, Instant, Duration> randomEnd;
    private final Map<Venue, Map<Long, Timetable>> timetables = new EnumMap<>(Venue.class);
    private final InterruptionLog interruptions;
    private final Map<Long, double[]> marketMoves = new HashMap<>();

    /** The time of a market-wide halt, when no stock trades. */
    private Instant haltedFrom = Instant.MAX;

    private Instant haltedUntil = Instant.MAX;

    /** @param randomEnd of the auction of a stock that began then */
    CatchUp(
            VenueHours hours,
            long seed,
            BiFunction<Stock, Instant, Duration> randomEnd,
            InterruptionLog interruptions) {
        this.hours = hours;
        this.seed = seed;
        this.randomEnd = randomEnd;
        this.interruptions = interruptions;
    }

    /** Sets the market-wide halt; the last one of a day counts. */
    void setHalt(Instant from, Instant until) {
        haltedFrom = from;
        haltedUntil = until;
    }

    void beginDay() {
        haltedFrom = Instant.MAX;
        haltedUntil = Instant.MAX;
    }

    /** The start of a stretch: everything that its minutes follow from. */
    private final class DeferredMinutes implements Tape.Deferred {
        private final Stock stock;
        private final Instant from;
        private final long firstBar;
        private final long last;
        private final long reference;
        private final long pausedUntil;
        private Instant until;

        DeferredMinutes(Stock stock) {
            this.stock = stock;
            this.from = stock.playedTo;
            this.firstBar = stock.nextMinute;
            this.last = stock.tape().last();
            this.reference = stock.staticReference;
            this.pausedUntil = stock.pausedUntil;
            this.until = from;
        }

        private DormantStock.Walk start() {
            DormantStock.Walk walk = new DormantStock.Walk();
            walk.last = last;
            walk.reference = reference;
            walk.pausedUntil = pausedUntil;
            return walk;
        }

        @Override
        public void fill(Minutes minutes) {
            play(stock, start(), from, firstBar, until, new Sink() {
                @Override
                public void minute(DormantStock.Walk walk, long epochMinute) {
                    minutes.add(bar(walk, epochMinute));
                }

                @Override
                public void auction(DormantStock.Walk walk, Instant at, Phase phase) {
                    if (walk.volume > 0) {
                        minutes.add(minuteOf(at), walk.close, walk.volume);
                    }
                }
            });
        }
    }

    private static Minutes.Bar bar(DormantStock.Walk walk, long epochMinute) {
        return new Minutes.Bar(
                Timetable.minuteOfDay(epochMinute),
                walk.open,
                walk.high,
                walk.low,
                walk.close,
                walk.volume,
                walk.turnover);
    }

    static int minuteOf(Instant at) {
        return Timetable.minuteOfDay(Timetable.epochMinute(at));
    }

    /** Catches the stock up to {@code now}. Returns whether anything traded. */
    boolean catchUp(Stock stock, Instant now) {
        Instant from = stock.playedTo;
        if (!from.isBefore(now)) {
            return false;
        }
        if (!hours.hasDefinedEnd() && Timetable.epochMinute(now) <= stock.nextMinute) {
            return false;
        }
        DeferredMinutes deferredMinutes = stock.tape().deferred() instanceof DeferredMinutes current
                        && current.until.equals(from)
                        && Timetable.epochMinute(now) - Timetable.epochMinute(current.from) < MAX_MINUTES
                ? current
                : new DeferredMinutes(stock);
        long firstBar = stock.nextMinute;
        DormantStock.Walk walk = new DormantStock.Walk();
        walk.last = stock.tape().last();
        walk.reference = stock.staticReference;
        walk.pausedUntil = stock.pausedUntil;
        long end = Timetable.epochMinute(now);
        Instant[] detailEnd = {stock.detailTo.isAfter(Timetable.start(end)) ? stock.detailTo : Timetable.start(end)};
        boolean[] traded = {false};
        // Once the earlier minutes have been loaded a new stretch starts, computed when it is requested.
        if (stock.tape().deferred() != deferredMinutes) {
            stock.tape().minutes();
            stock.beginDeferral();
        }
        play(stock, walk, from, firstBar, now, new Sink() {
            @Override
            public void minute(DormantStock.Walk it, long epochMinute) {
                traded[0] = true;
                stock.tape()
                        .addFigures(
                                Timetable.minuteOfDay(epochMinute),
                                it,
                                stock.dormant.bought(it, epochMinute),
                                stock.dormant.trades(it.volume));
                if (it.interrupted) {
                    interrupted(stock, it, epochMinute);
                }
            }

            @Override
            public void auction(DormantStock.Walk it, Instant at, Phase phase) {
                detailEnd[0] = at.isAfter(detailEnd[0]) ? at : detailEnd[0];
                if (it.volume > 0) {
                    traded[0] = true;
                    LocalTime time = at.atZone(TradingCalendar.SEOUL).toLocalTime();
                    stock.tape().addFigures(it.close, it.volume, Tape.timeOfDay(time));
                }
                if (phase == Phase.CLOSING_AUCTION) {
                    stock.tape().close();
                }
            }
        });
        stock.playedTo = now;
        stock.nextMinute = Math.max(firstBar, end);
        stock.staticReference = walk.reference;
        stock.pausedUntil = walk.pausedUntil;
        deferredMinutes.until = now;
        stock.tape().defer(deferredMinutes);
        // A restart loses the rest of a minute with an auction, or of one in which a stock fell asleep.
        stock.tape().playedTo(detailEnd[0]);
        return traded[0];
    }

    private void interrupted(Stock stock, DormantStock.Walk walk, long epochMinute) {
        Instant at = Timetable.start(epochMinute)
                .plusSeconds(Math.floorMod(stock.symbol().hashCode(), 60));
        stock.interruptions++;
        interruptions.add(
                stock,
                walk.close,
                walk.interruptedFrom,
                walk.open,
                stock.interruptions,
                at,
                Timetable.start(walk.pausedUntil));
    }

    private void play(Stock stock, DormantStock.Walk walk, Instant from, long firstBar, Instant now, Sink sink) {
        long end = Timetable.epochMinute(now);
        @Nullable Cursor main = null;
        long minute = Math.max(Timetable.epochMinute(from), end - MAX_MINUTES);
        while (minute <= end) {
            long day = Timetable.day(minute);
            Timetable table = timetable(stock.venue(), day);
            double[] market = marketMoves(day);
            long dayEnds = (day + 1) * Timetable.MINUTES;
            int call = table.firstCallEndingAfter(from.minus(LONGEST_RANDOM_END));
            for (; minute <= end && minute < dayEnds; minute++) {
                if (call < table.calls().size()) {
                    call = auctions(stock, table, call, walk, minute, from, now, market, sink);
                }
                if (minute >= firstBar && minute < end) {
                    if (main == null) {
                        main = new Cursor(stock);
                    }
                    if (minute(stock, table, minute, main, walk, market)) {
                        sink.minute(walk, minute);
                    }
                }
            }
        }
    }

    /** Plays the auctions that end in a minute; returns the index of the next one. */
    private int auctions(
            Stock stock,
            Timetable table,
            int first,
            DormantStock.Walk walk,
            long minute,
            Instant from,
            Instant now,
            double[] market,
            Sink sink) {
        int call = first;
        Instant next = Timetable.start(minute + 1);
        while (call < table.calls().size() && table.calls().get(call).end().isBefore(next)) {
            Timetable.Call each = table.calls().get(call);
            Instant ended = each.end().plus(randomEnd.apply(stock, each.start()));
            if (ended.isAfter(from) && !ended.isAfter(now) && !isHalted(ended)) {
                auction(stock, each, ended, walk, market, sink);
            }
            call++;
        }
        return call;
    }

    private boolean minute(
            Stock stock, Timetable table, long minute, Cursor main, DormantStock.Walk walk, double[] market) {
        int ofDay = Timetable.minuteOfDay(minute);
        long share = table.share(ofDay);
        if (share == 0 || isClosedTo(stock, table.phase(ofDay)) || isHalted(minute)) {
            return false;
        }
        long mainClose = main.close(ofDay);
        return mainClose != 0
                ? stock.dormant.followMain(walk, minute, share, mainClose)
                : stock.dormant.minute(walk, minute, share, table.root(ofDay), market[ofDay], interrupts(stock));
    }

    /** Whether a move of a tenth pauses the stock: where hours have no auctions; elsewhere its own trading would interrupt it. */
    private boolean interrupts(Stock stock) {
        return !hours.hasDefinedEnd() && stock == stock.main();
    }

    private void auction(
            Stock stock, Timetable.Call call, Instant at, DormantStock.Walk walk, double[] market, Sink sink) {
        boolean opens = call.phase() == Phase.OPENING_AUCTION;
        long minute = Timetable.epochMinute(at);
        stock.dormant.auction(walk, minute, call.share(), opens, market[Timetable.minuteOfDay(minute)], false);
        if (walk.volume > 0) {
            walk.last = walk.close;
            walk.reference = walk.close;
        }
        sink.auction(walk, at, call.phase());
    }

    /** Millionths of its daily volume that the stock trades in the minute of {@code at}. */
    long share(Stock stock, Instant at) {
        long minute = Timetable.epochMinute(at);
        return timetable(stock.venue(), Timetable.day(minute)).share(Timetable.minuteOfDay(minute));
    }

    /** How far the price of the stock moves in the minute of {@code at}, in hundredths of a tick. */
    long movement(Stock stock, Instant at) {
        long minute = Timetable.epochMinute(at);
        return stock.dormant.movement(
                minute, timetable(stock.venue(), Timetable.day(minute)).root(Timetable.minuteOfDay(minute)));
    }

    /** Millionths of its daily volume that the stock trades in the auction that ends at {@code at}; 0 of one in no table. */
    long callShare(Stock stock, Instant at) {
        return timetable(stock.venue(), Timetable.day(Timetable.epochMinute(at))).calls().stream()
                .filter(call -> call.start().isBefore(at) && !call.end().isAfter(at))
                .reduce((first, second) -> second)
                .filter(call -> !call.end().plus(LONGEST_RANDOM_END).isBefore(at))
                .map(Timetable.Call::share)
                .orElse(0L);
    }

    private boolean isHalted(Instant at) {
        return !at.isBefore(haltedFrom) && at.isBefore(haltedUntil);
    }

    private boolean isHalted(long minute) {
        return !haltedFrom.equals(Instant.MAX) && isHalted(Timetable.start(minute));
    }

    /** Whether a phase excludes the stock: only shares of the larger markets trade in KRX's after-market. */
    static boolean isClosedTo(Stock stock, Phase phase) {
        boolean share = stock.instrument().product() == Product.STOCK
                && stock.instrument().board() != Board.KONEX;
        return phase == Phase.AFTER_MARKET && !share;
    }

    private Timetable timetable(Venue venue, long day) {
        Map<Long, Timetable> ofVenue = timetables.computeIfAbsent(venue, v -> new HashMap<>());
        if (ofVenue.size() > 2 && !ofVenue.containsKey(day)) {
            ofVenue.clear();
        }
        return ofVenue.computeIfAbsent(day, d -> new Timetable(hours, venue, d));
    }

    /** The move of the whole market in each minute of a day. */
    private double[] marketMoves(long day) {
        if (marketMoves.size() > 2 && !marketMoves.containsKey(day)) {
            marketMoves.clear();
        }
        return marketMoves.computeIfAbsent(day, d -> {
            double[] moves = new double[Timetable.MINUTES];
            for (int i = 0; i < moves.length; i++) {
                moves[i] = DormantStock.marketMove(seed, d * Timetable.MINUTES + i);
            }
            return moves;
        });
    }

    /** The midnight in Korea at which the day begins. */
    static Instant midnight(LocalDate day) {
        return day.atStartOfDay(TradingCalendar.SEOUL).toInstant();
    }

    /** Finds the bars of the same stock on KRX, minute after minute. */
    private static final class Cursor {
        private final boolean follows;
        private final Minutes.@Nullable BarIterator walk;
        private Optional<Minutes.Bar> next;

        Cursor(Stock stock) {
            follows = stock != stock.main();
            walk = follows ? stock.main().tape().copyOfMinutes().barIterator() : null;
            next = walk != null && walk.hasNext() ? Optional.of(walk.next()) : Optional.empty();
        }

        /** The close of a minute; 0 without a bar. */
        long close(int minute) {
            if (!follows || walk == null) {
                return 0;
            }
            while (next.isPresent() && next.get().minute() < minute) {
                next = walk.hasNext() ? Optional.of(walk.next()) : Optional.empty();
            }
            return next.filter(bar -> bar.minute() == minute && bar.open() > 0)
                    .map(Minutes.Bar::close)
                    .orElse(0L);
        }
    }
}
