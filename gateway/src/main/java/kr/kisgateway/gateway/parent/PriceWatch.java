package kr.kisgateway.gateway.parent;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.market.MarketSymbol;

/**
 * Collects the prices of watched instruments between two looks of the desk. However many there are, one range per instrument is
 * kept: no price that would trigger an order is lost, and nothing grows.
 */
final class PriceWatch {
    private final Map<MarketSymbol, PriceRange> seen = new ConcurrentHashMap<>();
    private volatile Set<MarketSymbol> symbols = Set.of();

    /** Sets the instruments to watch; what was seen of others is dropped. */
    void watch(Set<MarketSymbol> watched) {
        symbols = watched;
        seen.keySet().retainAll(watched);
    }

    /** The instruments watched. */
    Set<MarketSymbol> symbols() {
        return symbols;
    }

    /** Takes a price on any thread; whether it is of a watched instrument. */
    boolean add(MarketSymbol symbol, long price) {
        if (!symbols.contains(symbol)) {
            return false;
        }
        seen.merge(symbol, PriceRange.of(price), (range, newest) -> range.with(newest.last()));
        return true;
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
