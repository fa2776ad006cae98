package kr.kisgateway.bench;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The median of several rounds: one disturbed round does not change it. */
final class Median {
    private static final double CERTAINTY = 0.95;

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

    /** The bounds of a figure. */
    record Interval(double low, double high) {}

    /**
     * Where the median of endlessly many such rounds lies, in 95 of 100 measurements: between two measured rounds, as far from the
     * ends as that many coins show heads (the sign test). Fewer than six rounds cannot show it, and their ends are the bounds.
     */
    static <T> Interval interval(List<T> rounds, ToDoubleFunction<T> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int omitted = 0;
        double chance = Math.pow(0.5, sorted.length); // that none of the coins shows heads
        for (double sum = chance; 2 * sum <= 1 - CERTAINTY; sum += chance) {
            omitted++;
            chance = chance * (sorted.length - omitted + 1) / omitted;
        }
        int first = Math.max(0, omitted - 1);
        return new Interval(sorted[first], sorted[sorted.length - 1 - first]);
    }
}
