package kr.kisgateway.client.batch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.market.Symbol;

/**
 * The result of a batch. Every symbol is in exactly one of the three collections.
 *
 * @param values the answers, in the order in which the symbols were given
 * @param failures why the other symbols have no answer, in that order
 * @param left symbols not requested, or abandoned, because the batch was stopped
 * @param stats calls and time
 */
public record BatchResult<T>(
        Map<Symbol, T> values, Map<Symbol, KisFailure> failures, List<Symbol> left, BatchStats stats) {
    public BatchResult {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
        left = List.copyOf(left);
    }

    /** Whether every symbol has its answer. */
    public boolean isComplete() {
        return failures.isEmpty() && left.isEmpty();
    }
}
