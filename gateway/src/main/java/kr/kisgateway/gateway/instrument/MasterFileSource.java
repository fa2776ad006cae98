package kr.kisgateway.gateway.instrument;

import java.util.List;
import java.util.Optional;

/** Source of the broker's daily lists. Both calls block; neither throws for network or disk failures. */
public interface MasterFileSource extends AutoCloseable {
    /** The lists that it has, in the order of the API. */
    List<ListingMarket> markets();

    /** The cached list, however old; uses no network. Empty when there is none. */
    Optional<MarketListing> cached(ListingMarket market);

    /** Today's list, downloaded when that is due, or the last good one with the reason. */
    Newest newest(ListingMarket market);

    @Override
    void close();

    /** Result of a request for today's list. */
    sealed interface Newest {
        record Available(MarketListing listing) implements Newest {}

        /** There is none, and none is cached; {@code reason} is a sentence. */
        record Unavailable(String reason) implements Newest {}
    }
}
