package kr.kisgateway.gateway.parent;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import kr.kisgateway.market.MarketSymbol;

/**
 * Collects the prices of watched series between two looks of the desk. However many there are, one range per series is
 * kept: no price that would trigger an order is lost, and nothing grows.
 *
 * <p>A price that was requested may be of any age: that of the last session, or of the day before. It counts when the day's volume is
 * another one than with the price before it, because then it was traded since.
 */
final class PriceWatch {
    private final Map<MarketSymbol, Series> received = new ConcurrentHashMap<>();
    /** Whether a take is due that the desk knows of. */
    private final AtomicBoolean takeRequested = new AtomicBoolean();

    private volatile Set<MarketSymbol> symbols = Set.of();

    /**
     * What was received of a series.
     *
     * @param volume shares traded that day until the last price
     * @param at when the last price was received
     * @param counts whether the last price counts
     * @param seen the prices that count since the last {@link #take}
     */
    private record Series(long volume, Instant at, boolean counts, Optional<PriceRange> seen) {
        private Series taken() {
            return new Series(volume, at, counts, Optional.empty());
        }
    }

    /** Sets the series to watch; what was seen of others is dropped. Called by the desk alone. */
    void watch(Set<MarketSymbol> watched) {
        Set<MarketSymbol> before = symbols;
        symbols = watched;
        // One by one: removing a key waits for a price of it that is being added, which an iteration would miss.
        before.stream().filter(symbol -> !watched.contains(symbol)).forEach(received::remove);
    }

    /** The series watched. */
    Set<MarketSymbol> symbols() {
        return symbols;
    }

    /**
     * Takes a price on any thread; whether it counts.
     *
     * @param volume shares traded that day until then
     * @param isTrade whether it is a trade of now, and not the answer to a request
     */
    boolean add(MarketSymbol symbol, long price, long volume, boolean isTrade, Instant at) {
        if (!symbols.contains(symbol)) {
            return false;
        }
        Series after = received.compute(symbol, (_, present) -> {
            // Checked again where removing the key waits: an unwatched series leaves nothing behind.
            if (!symbols.contains(symbol)) {
                return null;
            }
            Optional<Series> before = Optional.ofNullable(present);
            boolean isNew =
                    isTrade || before.filter(it -> it.volume() != volume).isPresent();
            // Before the first trade of a day the last price is that of the day before.
            boolean counts = isNew && price > 0 && volume > 0;
            Optional<PriceRange> seen = before.flatMap(Series::seen);
            return new Series(
                    volume,
                    at,
                    counts,
                    counts
                            ? Optional.of(seen.map(range -> range.with(price)).orElseGet(() -> PriceRange.of(price)))
                            : seen);
        });
        return after != null && after.counts();
    }

    /** After a price that counts: whether the desk must be woken to take it. False while it is to be woken already. */
    boolean requestTake() {
        return takeRequested.compareAndSet(false, true);
    }

    /** The desk could not be woken: the next price requests it again. */
    void withdrawRequest() {
        takeRequested.set(false);
    }

    /** When a price of the series was received last, whether or not it counts. */
    Optional<Instant> receivedAt(MarketSymbol symbol) {
        return Optional.ofNullable(received.get(symbol)).map(Series::at);
    }

    boolean isEmpty() {
        return received.values().stream().allMatch(series -> series.seen().isEmpty());
    }

    /** What was seen since the last call. */
    Map<MarketSymbol, PriceRange> take() {
        // Before the prices, and also when there are none: a price that comes later finds the request open.
        takeRequested.set(false);
        Map<MarketSymbol, PriceRange> taken = new HashMap<>();
        received.forEach((symbol, found) -> {
            if (found.seen().isPresent()) {
                received.computeIfPresent(symbol, (_, series) -> {
                    series.seen().ifPresent(range -> taken.put(symbol, range));
                    return series.taken();
                });
            }
        });
        return Map.copyOf(taken);
    }
}
