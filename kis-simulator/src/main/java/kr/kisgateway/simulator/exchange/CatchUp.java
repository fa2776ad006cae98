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
import kr.kisgateway.market.Market;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.market.VenueHours;

/**
 * Brings a stock that nobody looked at up to an instant: the auctions that ended by then and the minutes that are wholly
 * over, each as {@link Quiet} tells it.
 *
 * <p>A venue's twin follows KRX: a minute that has a bar there closes at its price. So KRX is brought up first, and does
 * not depend on whether anybody ever looks at NXT.
 */
final class CatchUp {
    /** No more than this is made up for at once; only a day that never ends is longer. */
    private static final int MOST = Timetable.MINUTES;

    private static final Duration LONGEST_RANDOM_END = Duration.ofSeconds(30);

    private final VenueHours hours;
    private final BiFunction<Stock, Instant, Duration> randomEnd;
    private final Map<Venue, Map<Long, Timetable>> timetables = new EnumMap<>(Venue.class);

    /** When no stock traded at all: the whole market was halted. */
    private Instant haltedFrom = Instant.MAX;

    private Instant haltedUntil = Instant.MAX;

    /** @param randomEnd of the auction of a stock that began then */
    CatchUp(VenueHours hours, BiFunction<Stock, Instant, Duration> randomEnd) {
        this.hours = hours;
        this.randomEnd = randomEnd;
    }

    /** No stock trades in between; the last such time of a day counts. */
    void halted(Instant from, Instant until) {
        haltedFrom = from;
        haltedUntil = until;
    }

    void newDay() {
        haltedFrom = Instant.MAX;
        haltedUntil = Instant.MAX;
    }

    /** Brings the stock up to {@code now}; whether anything traded. */
    boolean bring(Stock stock, Instant now) {
        Instant from = stock.playedTo;
        if (!from.isBefore(now)) {
            return false;
        }
        long end = Timetable.epochMinute(now);
        long firstBar = stock.nextMinute;
        stock.playedTo = now;
        stock.nextMinute = Math.max(firstBar, end);
        Instant kept = stock.detailTo.isAfter(Timetable.start(end)) ? stock.detailTo : Timetable.start(end);
        boolean traded = false;
        Cursor main = new Cursor(stock);
        long minute = Math.max(Timetable.epochMinute(from), end - MOST);
        while (minute <= end) {
            long day = Timetable.day(minute);
            Timetable table = timetable(stock.venue(), day);
            long dayEnds = (day + 1) * Timetable.MINUTES;
            int call = table.firstCallEndingAfter(from.minus(LONGEST_RANDOM_END));
            for (; minute <= end && minute < dayEnds; minute++) {
                Instant next = Timetable.start(minute + 1);
                while (call < table.calls().size()
                        && table.calls().get(call).end().isBefore(next)) {
                    Instant ended = endOf(stock, table.calls().get(call));
                    if (ended.isAfter(from) && !ended.isAfter(now)) {
                        traded |= auction(stock, table.calls().get(call), ended);
                        kept = ended.isAfter(kept) ? ended : kept;
                    }
                    call++;
                }
                if (minute >= firstBar && minute < end) {
                    traded |= minute(stock, table, minute, main);
                }
            }
        }
        // Of a minute with an auction the rest is lost to a restart, as of a minute in which a stock fell asleep.
        stock.tape().playedTo(kept);
        return traded;
    }

    private boolean minute(Stock stock, Timetable table, long minute, Cursor main) {
        int ofDay = Timetable.ofDay(minute);
        long share = table.share(ofDay);
        if (share == 0 || isClosedTo(stock, table.phase(ofDay)) || isHalted(Timetable.start(minute))) {
            return false;
        }
        Optional<Minutes.Bar> there = main.at(ofDay);
        Optional<Minutes.Bar> bar = there.isPresent()
                ? stock.quiet.following(minute, ofDay, share, there.get())
                : stock.quiet.minute(minute, ofDay, share, stock.interruptionReference());
        bar.ifPresent(it -> stock.tape().add(it, stock.quiet.bought(it, minute), Quiet.trades(it.volume())));
        return bar.isPresent();
    }

    private boolean auction(Stock stock, Timetable.Call call, Instant at) {
        if (isHalted(at)) {
            return false;
        }
        boolean opens = call.phase() == Phase.OPENING_AUCTION;
        long minute = Timetable.epochMinute(at);
        Auction.Match match = stock.quiet.auction(minute, call.share(), opens, stock.interruptionReference());
        if (match.qty() > 0) {
            LocalTime time = at.atZone(TradingCalendar.SEOUL).toLocalTime();
            stock.tape().add(match.price(), match.qty(), Optional.empty(), Tape.timeOfDay(time));
            stock.staticReference = match.price();
        }
        if (call.phase() == Phase.CLOSING_AUCTION) {
            stock.tape().close();
        }
        return match.qty() > 0;
    }

    /** Millionths of its day that the stock trades in the minute of {@code at}. */
    long share(Stock stock, Instant at) {
        long minute = Timetable.epochMinute(at);
        return timetable(stock.venue(), Timetable.day(minute)).share(Timetable.ofDay(minute));
    }

    /** Millionths of its day that the stock trades in the auction that ends at {@code at}; 0 of one in no table. */
    long callShare(Stock stock, Instant at) {
        return timetable(stock.venue(), Timetable.day(Timetable.epochMinute(at))).calls().stream()
                .filter(call -> call.began().isBefore(at) && !call.end().isAfter(at))
                .reduce((first, second) -> second)
                .filter(call -> !call.end().plus(LONGEST_RANDOM_END).isBefore(at))
                .map(Timetable.Call::share)
                .orElse(0L);
    }

    private boolean isHalted(Instant at) {
        return !at.isBefore(haltedFrom) && at.isBefore(haltedUntil);
    }

    /** Only shares of the larger markets trade in KRX's after-market. */
    static boolean isClosedTo(Stock stock, Phase phase) {
        boolean share = stock.instrument().product() == Product.STOCK
                && stock.instrument().market() != Market.KONEX;
        return phase == Phase.AFTER_MARKET && !share;
    }

    private Instant endOf(Stock stock, Timetable.Call call) {
        return call.end().plus(randomEnd.apply(stock, call.began()));
    }

    private Timetable timetable(Venue venue, long day) {
        Map<Long, Timetable> ofVenue = timetables.computeIfAbsent(venue, v -> new HashMap<>());
        if (ofVenue.size() > 2 && !ofVenue.containsKey(day)) {
            ofVenue.clear();
        }
        return ofVenue.computeIfAbsent(day, d -> new Timetable(hours, venue, d));
    }

    /** Midnight in Korea at which the day begins. */
    static Instant midnight(LocalDate day) {
        return day.atStartOfDay(TradingCalendar.SEOUL).toInstant();
    }

    /** Finds the bars of the same stock on KRX, minute after minute. */
    private static final class Cursor {
        private final Minutes.Walk walk;
        private Optional<Minutes.Bar> next;

        Cursor(Stock stock) {
            walk = stock.main().tape().minutes().walk();
            next = stock == stock.main() || !walk.hasNext() ? Optional.empty() : Optional.of(walk.next());
        }

        Optional<Minutes.Bar> at(int minute) {
            while (next.isPresent() && next.get().minute() < minute) {
                next = walk.hasNext() ? Optional.of(walk.next()) : Optional.empty();
            }
            return next.filter(bar -> bar.minute() == minute && bar.open() > 0);
        }
    }
}
