package kr.kisgateway.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.bench.venue.VenueState;
import org.openjdk.jmh.annotations.Mode;

/** {@code venue}: how long it takes to choose KRX or NXT for an order, when the figures of both are known. */
final class VenueBench implements Bench {
    private static final int WARMUPS = 3;
    private static final double MAX_MICROS = 50;

    @Override
    public Set<Options.Length> lengths() {
        return Set.of(Options.Length.SECONDS);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) {
        int iterations = environment.seconds(5);
        var results = new ArrayList<Result>();
        for (var part : List.of("rules", "router")) {
            environment.progress("venue." + part + " (" + (WARMUPS + iterations) + " s)");
            results.add(measure(part, iterations));
        }
        return results;
    }

    private static Result measure(String part, int iterations) {
        var run = Jmh.run(
                part,
                Jmh.options(VenueState.class, part, WARMUPS, iterations)
                        .mode(Mode.SampleTime)
                        .timeUnit(TimeUnit.NANOSECONDS));
        var times = run.getPrimaryResult().getStatistics();
        double p99 = times.getPercentile(99) / 1e3;
        return Result.of("venue." + part + ".p99_us", p99, "µs")
                .with(Target.below(MAX_MICROS, p99, "µs"))
                .with("median", "%.2f µs".formatted(times.getPercentile(50) / 1e3))
                .with("p999", "%.2f µs".formatted(times.getPercentile(99.9) / 1e3))
                .with("choices", times.getN());
    }
}
