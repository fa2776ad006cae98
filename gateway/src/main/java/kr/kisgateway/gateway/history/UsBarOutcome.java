package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.error.Refusal;

/** What became of a question for American bars. */
public sealed interface UsBarOutcome {
    /** A page of bars, as {@link BarOutcome.Found} is one of Korean bars. */
    record Found(List<UsBar> bars, OptionalLong next, Optional<LocalDate> incompleteBefore) implements UsBarOutcome {
        public Found {
            bars = List.copyOf(bars);
        }
    }

    record Refused(Refusal refusal) implements UsBarOutcome {}
}
