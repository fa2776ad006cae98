package kr.kisgateway.gateway.quote;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import kr.kisgateway.market.Symbol;

/**
 * What several gateways, or one before and after a restart, know of prices together: the second cache behind the one in
 * memory. A shelf that cannot be reached answers nothing within a moment and fails nobody.
 */
public interface QuoteShelf {
    Optional<Kept> find(Symbol symbol);

    void put(Symbol symbol, Kept kept);

    /** Forgets a price that is known to be wrong. */
    void drop(Symbol symbol);

    /** How old a price from here may be while nothing trades. */
    Duration life();

    Figures figures();

    /** An answer of KIS and when it came. */
    record Kept(RestQuote quote, Instant at) {}

    /** Questions that the shelf answered, that it did not, and that it failed at, since the start. */
    record Figures(long hits, long misses, long failures) {}

    /** No shelf. */
    static QuoteShelf none() {
        return new QuoteShelf() {
            @Override
            public Optional<Kept> find(Symbol symbol) {
                return Optional.empty();
            }

            @Override
            public void put(Symbol symbol, Kept kept) {
                // there is none
            }

            @Override
            public void drop(Symbol symbol) {
                // there is none
            }

            @Override
            public Duration life() {
                return Duration.ZERO;
            }

            @Override
            public Figures figures() {
                return new Figures(0, 0, 0);
            }
        };
    }
}
