package kr.kisgateway.gateway.instrument;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All instruments of one market.
 *
 * @param staleReason why the list is not newer, as a sentence; absent when it is current
 */
public record MarketListing(
        ListingMarket market, Origin origin, List<? extends Listed> lines, Optional<String> staleReason) {
    public MarketListing {
        lines = List.copyOf(lines);
    }

    /** Fewer lines are compared with nothing: a market may list a handful, and a test does. */
    private static final int COMPARED_LINES_MIN = 100;

    /**
     * Whether it can be the next list of the market that has listed {@code present}: at least half of the shorter of the
     * two is in both. A list shipped with the program is shorter than the broker's.
     */
    boolean canFollow(MarketListing present) {
        int shorter = Math.min(lines.size(), present.lines.size());
        if (shorter < COMPARED_LINES_MIN) {
            return true;
        }
        Set<String> codes = present.lines.stream().map(Listed::code).collect(Collectors.toSet());
        return 2 * lines.stream().filter(line -> codes.contains(line.code())).count() >= shorter;
    }

    MarketListing withStaleReason(String reason) {
        return new MarketListing(market, origin, lines, Optional.of(reason));
    }
}
