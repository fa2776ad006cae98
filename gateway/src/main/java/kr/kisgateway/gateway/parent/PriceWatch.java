package kr.kisgateway.gateway.parent;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.market.MarketSymbol;

/**
 * Collects the prices of watched series between two looks of the desk. However many there are, one range per series is
 * kept: no price that would trigger an order is lost, and nothing grows.
 *
 * <p>A price that was requested may be of any age: that of the last session, or of the day before. It counts when the day's volume is
 * another one than with the price before it, because then it was traded since.
 */
final class PriceWatch {
    private final Map<MarketSymbol, PriceRange> seen = new ConcurrentHashMap<>();
    private final Map<MarketSymbol, Received> received = new ConcurrentHashMap<>();
    private volatile Set<MarketSymbol> symbols = Set.of();

    /** @param volume shares traded that day until then */
    private record Received(long volume, Instant at) {}

    /** Sets the series to watch; what was seen of others is dropped. */
    void watch(Set<MarketSymbol> watched) {
        symbols = watched;
        seen.keySet().retainAll(watched);
        received.keySet().retainAll(watched);
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
        Optional<Received> before = Optional.ofNullable(received.put(symbol, new Received(volume, at)));
        boolean isNew = isTrade || before.filter(it -> it.volume() != volume).isPresent();
        // Before the first trade of a day the last price is that of the day before.
        if (!isNew || price <= 0 || volume <= 0) {
            return false;
        }
        seen.merge(symbol, PriceRange.of(price), (range, newest) -> range.with(newest.last()));
        return true;
    }

    /** When a price of the series was received last, whether or not it counts. */
    Optional<Instant> receivedAt(MarketSymbol symbol) {
        return Optional.ofNullable(received.get(symbol)).map(Received::at);
    }

    boolean isEmpty() {
        return seen.isEmpty();
    }

    /** What was seen since the last call. */
    Map<MarketSymbol, PriceRange> take() {
        Map<MarketSymbol, PriceRange> taken = new HashMap<>();
        for (MarketSymbol symbol : Set.copyOf(seen.keySet())) {
            Optional.ofNullable(seen.remove(symbol)).ifPresent(range -> taken.put(symbol, range));
        }
        return Map.copyOf(taken);
    }
}
