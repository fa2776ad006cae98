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

    /**
     * The first {@code limit} of {@code found}.
     *
     * @param more whether there may be older bars than those found
     * @param incompleteBefore as in the page that contains the oldest of them
     */
    static BarPage of(List<Bar> found, int limit, boolean more, Optional<LocalDate> incompleteBefore) {
        boolean truncated = found.size() > limit;
        List<Bar> bars = truncated ? found.subList(0, limit) : found;
        return new BarPage(
                bars,
                (truncated || more) && !bars.isEmpty()
                        ? OptionalLong.of(bars.getLast().ts())
                        : OptionalLong.empty(),
                truncated ? Optional.empty() : incompleteBefore);
    }

    /** Whether bars of {@code query} are missing because the answer was due. */
    public boolean isCutShort(BarQuery query) {
        return next.isPresent() && bars.size() < query.limit();
    }
}
