package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.MarketSymbol;

/** Bars written to files. */
public interface History {
    /** An empty history. */
    History NONE = new History() {
        @Override
        public Series days(MarketSymbol symbol, boolean adjusted) {
            return Series.EMPTY;
        }

        @Override
        public Optional<List<Bar>> minutes(MarketSymbol symbol, LocalDate day) {
            return Optional.empty();
        }
    };

    /** Stored days of {@code symbol}; empty when there are none, or the files cannot be read. */
    Series days(MarketSymbol symbol, boolean adjusted);

    /** The minutes of a completely stored day, oldest first; empty otherwise. */
    Optional<List<Bar>> minutes(MarketSymbol symbol, LocalDate day);
}
