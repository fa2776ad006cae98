package kr.kisgateway.simulator.exchange;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.PhaseWindow;
import kr.kisgateway.market.VenueHours;
import org.jspecify.annotations.Nullable;

/**
 * The planned ends of the phases of each stock: by the hours of its venue, at a random second in auctions, or when a halt or
 * an interruption is over.
 */
final class PhaseSchedule {
    /** The end of a phase; only the last one planned for a track counts. */
    record PhaseChange(Instant at, Stock stock, Stock.Track track, long number) {
        /** Whether no other end was planned since. */
        boolean counts() {
            return number == stock.plannedChanges[track.ordinal()];
        }
    }

    private final VenueHours hours;
    private final MarketRules rules;
    private final long seed;
    private final PriorityQueue<PhaseChange> changes = new PriorityQueue<>(Comparator.comparing(PhaseChange::at)
            .thenComparing(PhaseChange::stock, Exchange.BY_NAME)
            .thenComparing(PhaseChange::track));

    PhaseSchedule(VenueHours hours, MarketRules rules, long seed) {
        this.hours = hours;
        this.rules = rules;
        this.seed = seed;
    }

    /** The next end of a phase; null without one. */
    @Nullable
    PhaseChange next() {
        return changes.peek();
    }

    PhaseChange removeNext() {
        return changes.remove();
    }

    /** The venue's window, closed where the stock has no part in it. */
    PhaseWindow book(Stock stock, Instant at) {
        PhaseWindow window = hours.bookPhase(stock.venue(), at);
        return KoreanCatchUp.isClosedTo(stock, window.phase())
                ? new PhaseWindow(Phase.CLOSED, window.from(), window.until())
                : window;
    }

    /** Plans the end of the book's phase by the hours, or of its halt. */
    void planBookPhase(Stock stock) {
        Instant end = stock.sessionEnd();
        plan(
                stock,
                Stock.Track.BOOK,
                stock.phase().isAuction()
                        ? end.plus(randomEnd(stock, stock.sessionStart()))
                        : stock.phase() == Phase.HALTED && stock.haltedUntil.isBefore(end) ? stock.haltedUntil : end);
    }

    /** Plans the end of a phase of the stock's own, after a time and a random end, at most until the venue's day ends. */
    void planStockPhase(Stock stock, Instant at, Duration collects) {
        Instant end = at.plus(collects).plus(randomEnd(stock, at));
        plan(stock, Stock.Track.BOOK, endsDay(stock, end) ? stock.sessionEnd() : end);
    }

    private boolean endsDay(Stock stock, Instant end) {
        return end.isAfter(stock.sessionEnd())
                && !book(stock, stock.sessionEnd()).phase().isAuction();
    }

    void plan(Stock stock, Stock.Track track, Instant at) {
        changes.add(new PhaseChange(at, stock, track, ++stock.plannedChanges[track.ordinal()]));
    }

    /** A random end, so that the second at which an auction ends is unpredictable; equal for the same auction and seed. */
    Duration randomEnd(Stock stock, Instant windowStart) {
        long maxMillis = rules.randomEnd().toMillis();
        if (maxMillis == 0) {
            return Duration.ZERO;
        }
        var random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L
                + stock.symbol().hashCode()
                + 31L * stock.venue().ordinal()
                + windowStart.getEpochSecond() * 0xBF58476D1CE4E5B9L);
        return Duration.ofMillis(random.nextLong(maxMillis));
    }
}
