package kr.kisgateway.gateway.instrument;

import java.util.Optional;

/** Where the broker's daily lists come from. Both calls block; neither throws for what a network or a disk does. */
public interface MasterFileSource extends AutoCloseable {
    /** The list that was kept, however old; touches no network. Empty when there is none. */
    Optional<MarketListing> cached(ListingMarket market);

    /** Today's list, downloaded when that is due, or the last good one with the reason. */
    Newest newest(ListingMarket market);

    @Override
    void close();

    /** The outcome of asking for today's list. */
    sealed interface Newest {
        record Available(MarketListing listing) implements Newest {}

        /** There is none, and none was ever kept; {@code why} in a sentence. */
        record Unavailable(String reason) implements Newest {}
    }
}
