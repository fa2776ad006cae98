package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.MarketSymbol;

/**
 * Requests bars from KIS page by page, the newest first, where a market has no ranges. The refusals are those of {@link
 * BarSource}.
 */
public interface BarPageSource {
    /**
     * The newest bars that begin at {@code last} or before, as many as one call returns. Blocks until the answer or the
     * deadline.
     *
     * @param period any but {@code YEAR}
     * @param last by the market's clock
     * @param adjusted whether prices before a split are adjusted for it (수정주가); of days and longer
     */
    Result<Page> requestPage(
            MarketSymbol symbol, BarPeriod period, LocalDateTime last, boolean adjusted, RequestContext context);

    /** The first day whose minutes the source still has on {@code today}, approximately. */
    LocalDate minutesAvailableSince(LocalDate today);

    /**
     * Bars of one call.
     *
     * @param bars those of periods that traded, oldest first
     * @param oldest the first period in the answer, traded or not; empty for an empty answer
     */
    record Page(List<Bar> bars, Optional<LocalDateTime> oldest) {
        public Page {
            bars = List.copyOf(bars);
        }
    }
}
