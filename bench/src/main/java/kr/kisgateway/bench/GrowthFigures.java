package kr.kisgateway.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;

/** Figures by the quantity of what is stored, and their bars. */
final class GrowthFigures {
    /** For the largest quantity: what is linear grows as the quantity does. */
    private static final double TIMES_MAX = 2;

    private static final double START_MS_MORE = 500;

    private final String unit;
    private final Map<String, Map<Integer, Double>> figures = new LinkedHashMap<>();

    /** @param unit of the quantity: {@code orders} */
    GrowthFigures(String unit) {
        this.unit = unit;
    }

    void put(String figure, int quantity, double value) {
        figures.computeIfAbsent(figure, _ -> new LinkedHashMap<>()).put(quantity, value);
    }

    /** A figure of the largest quantity, that may be twice the one of the smallest. */
    Result flat(String figure, String figureUnit) {
        double times = most(figure) / least(figure);
        return result(figure, figureUnit).with(Target.atMost(TIMES_MAX, times, "times that with " + smallest(figure)));
    }

    /** A start with the largest quantity, that may be half a second longer than with the smallest. */
    Result start(String figure) {
        double more = most(figure) - least(figure);
        return result(figure, "ms").with(Target.atMost(START_MS_MORE, more, "ms more than with " + smallest(figure)));
    }

    private Result result(String figure, String figureUnit) {
        var each = new LinkedHashMap<String, Double>();
        of(figure).forEach((quantity, value) -> each.put(String.format(Locale.ROOT, "%,d", quantity), value));
        return Result.of(figure, most(figure), figureUnit).with(each);
    }

    private String smallest(String figure) {
        return String.format(
                Locale.ROOT, "%,d %s", of(figure).keySet().iterator().next(), unit);
    }

    private double least(String figure) {
        return of(figure).values().iterator().next();
    }

    private double most(String figure) {
        double last = 0;
        for (double value : of(figure).values()) last = value;
        return last;
    }

    private Map<Integer, Double> of(String figure) {
        return Objects.requireNonNull(figures.get(figure), () -> figure + " was not measured");
    }
}
