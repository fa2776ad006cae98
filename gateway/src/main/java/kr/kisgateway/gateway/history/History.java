package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.Symbol;

/** Bars that were written down earlier. */
public interface History {
    /** Nothing was written down. */
    History NONE = new History() {
        @Override
        public Series days(Symbol symbol, boolean adjusted) {
            return Series.EMPTY;
        }

        @Override
        public Optional<List<Bar>> minutes(Symbol symbol, LocalDate day) {
            return Optional.empty();
        }
    };

    /** What is known of the days of {@code symbol}; nothing when nothing is, or the files cannot be read. */
    Series days(Symbol symbol, boolean adjusted);

    /** The minutes of a day of which all are known, oldest first; empty when they are not. */
    Optional<List<Bar>> minutes(Symbol symbol, LocalDate day);
}
