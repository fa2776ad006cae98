package kr.kisgateway.bench;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The median of several rounds: one disturbed round does not change it. */
final class Median {
    private Median() {}

    /** That figure of the round. */
    static <T> double value(List<T> rounds, ToDoubleFunction<T> figure) {
        return figure.applyAsDouble(of(rounds, figure));
    }

    /** The round whose figure is in the middle; of an even number the lower one of the two. */
    static <T> T of(List<T> rounds, ToDoubleFunction<T> figure) {
        if (rounds.isEmpty()) throw new IllegalArgumentException("no rounds");
        return rounds.stream()
                .sorted(Comparator.comparingDouble(figure))
                .toList()
                .get((rounds.size() - 1) / 2);
    }
}
