package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.error.Refusal;

/** The result of a query for US bars. */
public sealed interface UsBarOutcome {
    /** A page of US bars, as {@link BarOutcome.Found} is one of Korean bars. */
    record Found(List<UsBar> bars, OptionalLong next, Optional<LocalDate> incompleteBefore) implements UsBarOutcome {
        public Found {
            bars = List.copyOf(bars);
        }
    }

    record Refused(Refusal refusal) implements UsBarOutcome {}
}
