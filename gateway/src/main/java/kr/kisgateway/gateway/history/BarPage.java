package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Bar;

/**
 * A page of bars.
 *
 * @param bars newest first
 * @param next where the next page begins: the time of the last bar of this one, in seconds since 1970; empty when there is
 *     nothing older
 * @param incompleteBefore older bars were requested, and no source has any from before this day
 */
public record BarPage(List<Bar> bars, OptionalLong next, Optional<LocalDate> incompleteBefore) {
    public BarPage {
        bars = List.copyOf(bars);
    }

    /** Whether bars of {@code query} are missing because the answer was due. */
    boolean isCutShort(BarQuery query) {
        return next.isPresent() && bars.size() < query.limit();
    }
}
