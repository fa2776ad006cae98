package kr.kisgateway.bench.result;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;

/**
 * One figure.
 *
 * @param name such as {@code quote.rate}; with the suffix {@code .floor}, the baseline of it
 * @param value in {@code unit}
 * @param unit such as {@code requests/s} or {@code ms}; for a unit of time less is better
 * @param percentiles further figures of the same unit, such as {@code p50}
 * @param details conditions of the measurement
 * @param rounds the value of each round, in their order; empty for one without rounds
 * @param targets its targets
 */
public record Result(
        String name,
        double value,
        String unit,
        SequencedMap<String, Double> percentiles,
        SequencedMap<String, String> details,
        List<Double> rounds,
        List<Target> targets) {
    private static final String FLOOR = ".floor";

    public Result {
        percentiles = new LinkedHashMap<>(percentiles);
        details = new LinkedHashMap<>(details);
        rounds = List.copyOf(rounds);
        targets = List.copyOf(targets);
    }

    public static Result of(String name, double value, String unit) {
        return new Result(name, value, unit, new LinkedHashMap<>(), new LinkedHashMap<>(), List.of(), List.of());
    }

    /** The same figure with the latencies it was selected from. */
    public Result with(Map<String, Double> morePercentiles) {
        var all = new LinkedHashMap<>(percentiles);
        all.putAll(morePercentiles);
        return new Result(name, value, unit, all, details, rounds, targets);
    }

    /** The same figure with one more condition. */
    public Result with(String detail, Object what) {
        var all = new LinkedHashMap<>(details);
        all.put(detail, String.valueOf(what));
        return new Result(name, value, unit, percentiles, all, rounds, targets);
    }

    /** The same figure with what each round measured: it shows the noise. */
    public <T> Result withRounds(List<T> measured, ToDoubleFunction<T> figure) {
        var all = measured.stream().mapToDouble(figure).boxed().toList();
        return new Result(name, value, unit, percentiles, details, all, targets);
    }

    /** The same figure with one more target. */
    public Result with(Target bar) {
        var all = new ArrayList<>(targets);
        all.add(bar);
        return new Result(name, value, unit, percentiles, details, rounds, all);
    }

    public boolean isFloor() {
        return name.endsWith(FLOOR);
    }

    public String floorName() {
        return name + FLOOR;
    }
}
