package kr.kisgateway.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
 * its own, and its floor follows at once, five times in turns, so both run under the same conditions.
 */
public final class DecodeBench implements Bench {
    private static final int WARMUPS = 2;
    private static final int ROUNDS = 5;
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    /** What is decoded, and the least part of its floor. */
    private enum Kind {
        TRADE("trade", 0.75),
        BOOK("book", 0.7);

        private final String record;
        private final double minRatio;

        Kind(String record, double minRatio) {
            this.record = record;
            this.minRatio = minRatio;
        }
    }

    @Override
    public List<Result> run(BenchEnvironment environment) {
        int iterations = environment.seconds(3);
        var results = new ArrayList<Result>();
        for (int count : new int[] {1, 4}) {
            for (var kind : Kind.values()) {
                var name = "decode." + kind.record + (count == 1 ? "" : ".x" + count);
                int rounds = environment.rounds(ROUNDS);
                environment.progress(name + " (" + 2 * rounds * (WARMUPS + iterations) + " s with its floor)");
                List<Result> all = new ArrayList<>();
                List<Result> floors = new ArrayList<>();
                for (int round = 0; round < rounds; round++) {
                    all.add(measure(name, kind.record, count, iterations));
                    floors.add(measure(name + ".floor", kind.record + "Floor", count, iterations));
                }
                var floor = Median.of(floors, Result::value).withRounds(floors, Result::value);
                var decoded = Median.of(all, Result::value).withRounds(all, Result::value);
                if (count == 1) {
                    decoded = decoded.with(Target.atLeast(
                            kind.minRatio, decoded.value() / floor.value(), "of the loop without objects"));
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
