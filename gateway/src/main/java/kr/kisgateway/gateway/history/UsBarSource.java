package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.gateway.history.BarSource.Result;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.UsSymbol;

/** Asks KIS for bars of American stocks. */
public interface UsBarSource {
    /**
     * The newest bars that begin at {@code last} or before, as many as one call gives. Blocks until there is an answer or the
     * deadline passes.
     *
     * @param period any but {@code YEAR}
     * @param last by New York's clock
     * @param adjusted whether prices before a split are those that would have been (수정주가); of days and longer
     */
    Result<Page> requestPage(
            UsSymbol symbol, BarPeriod period, LocalDateTime last, boolean adjusted, RequestContext context);

    /** The first day of which the source still has minutes on {@code today}, about. */
    LocalDate minutesAvailableSince(LocalDate today);

    /**
     * Bars of one call.
     *
     * @param bars those of periods that traded, oldest first
     * @param oldest the first period that the answer told of, traded or not; empty when it told of none
     */
    record Page(List<UsBar> bars, Optional<LocalDateTime> oldest) {
        public Page {
            bars = List.copyOf(bars);
        }
    }
}
