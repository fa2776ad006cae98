package kr.kisgateway.gateway.instrument;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.market.MarketSymbol;

/**
 * What one listing and the next differ in, by code. Whoever keeps anything about an instrument drops it for these.
 *
 * @param added new in the listing
 * @param removed not listed any more
 * @param changed listed before and after, and another in what it is or how it stands: name, shares, face value, marks, … not in prices
 */
public record ListingChange(Set<String> added, Set<String> removed, Set<String> changed) {
    public ListingChange {
        added = Set.copyOf(added);
        removed = Set.copyOf(removed);
        changed = Set.copyOf(changed);
    }

    public boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }

    /** The symbols of all three. */
    public List<MarketSymbol> touched() {
        return Stream.of(added, removed, changed)
                .flatMap(Set::stream)
                .<MarketSymbol>flatMap(code -> MarketSymbol.parse(code).stream())
                .toList();
    }
}
