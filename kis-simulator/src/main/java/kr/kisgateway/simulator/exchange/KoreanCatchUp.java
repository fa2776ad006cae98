package kr.kisgateway.simulator.exchange;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
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
 * Catches dormant Korean stocks up, with their auctions and interruptions.
 *
 * <p>A venue's twin follows KRX: a minute that has a bar there closes at its price. So KRX is caught up first, and does
 * not depend on whether NXT is ever requested.
 */
final class KoreanCatchUp extends CatchUp<Stock> {
    private static final Duration LONGEST_RANDOM_END = Duration.ofSeconds(30);

    private final VenueHours hours;
    private final BiFunction<Stock, Instant, Duration> randomEnd;
    private final Map<Venue, Map<Long, KoreanTimetable>> timetables = new EnumMap<>(Venue.class);
    private final InterruptionLog interruptions;

    /** The time of a market-wide halt, when no stock trades. */
    private Instant haltedFrom = Instant.MAX;

    private Instant haltedUntil = Instant.MAX;

    /** @param randomEnd of the auction of a stock that began then */
    KoreanCatchUp(
            VenueHours hours,
            long seed,
            BiFunction<Stock, Instant, Duration> randomEnd,
            InterruptionLog interruptions) {
        super(MarketClock.KOREA, seed, hours.hasDefinedEnd());
        this.hours = hours;
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

    @Override
    protected void interrupted(Stock stock, DormantStock.Walk walk, long minute) {
        Instant at =
                clock().start(minute).plusSeconds(Math.floorMod(stock.symbol().hashCode(), 60));
        stock.interruptions++;
        interruptions.add(
                stock,
                walk.close,
                walk.interruptedFrom,
                walk.open,
                stock.interruptions,
                at,
                clock().start(walk.pausedUntil));
    }

    @Override
    protected void play(Stock stock, DormantStock.Walk walk, Instant from, long firstBar, Instant until, Sink sink) {
        long end = clock().minute(until);
        @Nullable Cursor main = null;
        long minute = Math.max(clock().minute(from), end - MAX_MINUTES);
        while (minute <= end) {
            KoreanTimetable table = timetable(stock, minute);
            int call = table.firstCallEndingAfter(from.minus(LONGEST_RANDOM_END));
            for (; minute <= end && minute < table.end(); minute++) {
                if (call < table.calls().size()) {
                    call = auctions(stock, table, call, walk, minute, from, until, sink);
                }
                if (minute >= firstBar && minute < end) {
                    if (main == null) {
                        main = new Cursor(stock);
                    }
                    if (minute(stock, table, minute, main, walk)) {
                        sink.minute(walk, minute, table.minuteOfDay(minute));
                    }
                }
            }
        }
    }

    /** Plays the auctions that end in a minute; returns the index of the next one. */
    private int auctions(
            Stock stock,
            KoreanTimetable table,
            int first,
            DormantStock.Walk walk,
            long minute,
            Instant from,
            Instant until,
            Sink sink) {
        int call = first;
        Instant next = clock().start(minute + 1);
        while (call < table.calls().size() && table.calls().get(call).end().isBefore(next)) {
            KoreanTimetable.Call each = table.calls().get(call);
            Instant ended = each.end().plus(randomEnd.apply(stock, each.start()));
            if (ended.isAfter(from) && !ended.isAfter(until) && !isHalted(ended)) {
                auction(stock, each, ended, walk, sink);
            }
            call++;
        }
        return call;
    }

    private boolean minute(Stock stock, KoreanTimetable table, long minute, Cursor main, DormantStock.Walk walk) {
        long share = table.share(minute);
        if (share == 0 || isClosedTo(stock, table.phase(minute)) || isHalted(minute)) {
            return false;
        }
        long mainClose = main.close(table.minuteOfDay(minute));
        return mainClose != 0
                ? stock.dormant.followMain(walk, minute, share, mainClose)
                : stock.dormant.minute(walk, minute, share, table.root(minute), marketMove(minute), interrupts(stock));
    }

    /** Whether a move of a tenth pauses the stock: where hours have no auctions; elsewhere its own trading would interrupt it. */
    private boolean interrupts(Stock stock) {
        return !hours.hasDefinedEnd() && stock == stock.main();
    }

    private void auction(Stock stock, KoreanTimetable.Call call, Instant at, DormantStock.Walk walk, Sink sink) {
        boolean opens = call.phase() == Phase.OPENING_AUCTION;
        long minute = clock().minute(at);
        stock.dormant.auction(walk, minute, call.share(), opens, marketMove(minute), false);
        if (walk.volume > 0) {
            walk.last = walk.close;
            walk.reference = walk.close;
        }
        sink.auction(walk, at, call.phase());
    }

    /** Millionths of its daily volume that the stock trades in the auction that ends at {@code at}; 0 of one in no table. */
    long callShare(Stock stock, Instant at) {
        return timetable(stock, clock().minute(at)).calls().stream()
                .filter(call -> call.start().isBefore(at) && !call.end().isAfter(at))
                .reduce((first, second) -> second)
                .filter(call -> !call.end().plus(LONGEST_RANDOM_END).isBefore(at))
                .map(KoreanTimetable.Call::share)
                .orElse(0L);
    }

    private boolean isHalted(Instant at) {
        return !at.isBefore(haltedFrom) && at.isBefore(haltedUntil);
    }

    private boolean isHalted(long minute) {
        return !haltedFrom.equals(Instant.MAX) && isHalted(clock().start(minute));
    }

    /** Whether a phase excludes the stock: only shares of the larger markets trade in KRX's after-market. */
    static boolean isClosedTo(Stock stock, Phase phase) {
        boolean share = stock.instrument().product() == Product.STOCK
                && stock.instrument().board() != Board.KONEX;
        return phase == Phase.AFTER_MARKET && !share;
    }

    @Override
    protected KoreanTimetable timetable(Stock stock, long minute) {
        long day = KoreanTimetable.day(minute);
        Map<Long, KoreanTimetable> ofVenue = timetables.computeIfAbsent(stock.venue(), v -> new HashMap<>());
        if (ofVenue.size() > 2 && !ofVenue.containsKey(day)) {
            ofVenue.clear();
        }
        return ofVenue.computeIfAbsent(day, d -> new KoreanTimetable(hours, stock.venue(), d));
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
