package kr.kisgateway.gateway.instrument;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.market.MarketSymbol;

/**
 * The differences between one listing and the next, by symbol. Components drop cached data about these instruments.
 *
 * @param added new in the listing
 * @param removed no longer listed
 * @param changed listed before and after with different identity or listing status: name, shares, face value, flags, …
 *     not prices
 */
public record ListingChange(Set<MarketSymbol> added, Set<MarketSymbol> removed, Set<MarketSymbol> changed) {
    public ListingChange {
        added = Set.copyOf(added);
        removed = Set.copyOf(removed);
        changed = Set.copyOf(changed);
    }

    public boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }

    /** The symbols of all three sets. */
    public List<MarketSymbol> touched() {
        return Stream.of(added, removed, changed).flatMap(Set::stream).toList();
    }
}
