package kr.kisgateway.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.bench.decode.CoreTime;
import kr.kisgateway.bench.decode.DecodeState;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.wire.print.Layout;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/**
 * {@code decode}: records per second on one core through the code behind the SDK's socket. Each benchmark has a JVM of
 * its own, and its floor follows at once, so both run under the same conditions.
 */
public final class DecodeBench implements Bench {
    private static final int WARMUPS = 2;
    private static final Map<String, Double> MIN_RATIOS = Map.of("trade", 0.75, "book", 0.7);
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Override
    public Set<Options.Length> lengths() {
        return Set.of(Options.Length.SECONDS);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) {
        int iterations = environment.seconds(3);
        var results = new ArrayList<Result>();
        for (int count : new int[] {1, 4}) {
            for (var record : List.of("trade", "book")) {
                var name = "decode." + record + (count == 1 ? "" : ".x" + count);
                environment.progress(name + " (" + 2 * (WARMUPS + iterations) + " s with its floor)");
                var decoded = measure(name, record, count, iterations);
                var floor = measure(name + ".floor", record + "Floor", count, iterations);
                if (count == 1) {
                    decoded = decoded.with(Target.atLeast(
                            MIN_RATIOS.getOrDefault(record, 0.0),
                            decoded.value() / floor.value(),
                            "of the loop without objects"));
                }
                results.addAll(List.of(decoded, floor));
            }
        }
        return results;
    }

    /** The decoder of trades, one in each frame. */
    static Result trades(String name, Layout layout, int iterations) {
        return measure(name, "trade", 1, layout, iterations);
    }

    private static Result measure(String name, String method, int count, int iterations) {
        return measure(name, method, count, Layout.CURRENT, iterations);
    }

    private static Result measure(String name, String method, int count, Layout layout, int iterations) {
        var run = Jmh.run(
                method,
                Jmh.options(DecodeState.class, method, WARMUPS, iterations)
                        .param("count", String.valueOf(count))
                        .param("columns", String.valueOf(layout.trade()))
                        .mode(Mode.Throughput)
                        .timeUnit(TimeUnit.SECONDS)
                        .addProfiler(CoreTime.class)
                        .addProfiler(GCProfiler.class));
        var core = new ArrayList<Double>();
        for (var iteration : run.getBenchmarkResults().iterator().next().getIterationResults()) {
            core.add(count * perCoreSecond(iteration));
        }
        core.sort(null);
        var spread = new LinkedHashMap<String, Double>();
        spread.put("min", core.getFirst());
        spread.put("max", core.getLast());
        return Result.of(name, core.get(core.size() / 2), "records/s")
                .with(spread)
                .with(
                        "per second of one core's time; by the wall clock",
                        Math.round(count * run.getPrimaryResult().getScore()) + "/s")
                .with("bytes allocated a record", Math.round(allocated(run) / count))
                .with("records a frame", count)
                .with("iterations of 1 s", iterations);
    }

    /** Bytes per operation. */
    private static double allocated(RunResult run) {
        var found = run.getSecondaryResults().get(ALLOCATED);
        if (found == null) throw new BenchException("JMH did not report the allocation");
        return found.getScore();
    }

    private static double perCoreSecond(IterationResult iteration) {
        var found = iteration.getSecondaryResults().get(CoreTime.RESULT);
        if (found == null) throw new BenchException("JMH did not report the processor time");
        return found.getScore();
    }
}
