package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.market.Bar;

/** The result of a bar query. */
public sealed interface BarOutcome {
    /**
     * A page of bars.
     *
     * @param bars newest first
     * @param next where the next page begins ({@link Bar#ts} of the last bar of this one); empty when there is nothing older.
     *     A page with fewer bars than requested and this set was cut short because the answer was due
     * @param incompleteBefore older bars were requested, and no source has any from before this day
     */
    record Found(List<Bar> bars, OptionalLong next, Optional<LocalDate> incompleteBefore) implements BarOutcome {
        public Found {
            bars = List.copyOf(bars);
        }
    }

    record Refused(Refusal refusal) implements BarOutcome {}
}
