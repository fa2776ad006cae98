package kr.kisgateway.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.simulation.SimulatedDay;

/**
 * {@code day}: processor time of one simulated trading day with its verification, of one gateway and of three. Each round has the same
 * days, so that rounds differ only by the machine.
 */
final class DayBench implements Bench {
    private static final int ROUNDS = 5;
    private static final int DAYS = 30;
    private static final int CLUSTER_DAYS = 10;
    private static final double MAX_MS = 150;

    private final SimulatedDay days = new SimulatedDay();

    @Override
    public Set<Options.Length> lengths() {
        return Set.of(Options.Length.ROUNDS);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) {
        int count = environment.normalOrQuick(DAYS, 1);
        int clusterCount = environment.normalOrQuick(CLUSTER_DAYS, 1);
        environment.progress("warming up, " + count + " and " + clusterCount + " days");
        millis(count, days::run);
        millis(clusterCount, days::runCluster);
        var single = new ArrayList<Double>();
        var cluster = new ArrayList<Double>();
        int orders = 0;
        for (int round = 1; round <= environment.rounds(ROUNDS); round++) {
            var measured = millis(count, days::run);
            orders = measured.orders();
            single.add(measured.millis());
            cluster.add(millis(clusterCount, days::runCluster).millis());
            environment.progress("round " + round + ": " + Report.format(single.getLast()) + " ms of CPU a day, "
                    + Report.format(cluster.getLast()) + " of three gateways");
        }
        double median = Median.value(single, it -> it);
        return List.of(
                Result.of("day.cpu_ms", median, "ms")
                        .withRounds(single, it -> it)
                        .with("orders", Report.format((double) orders / count) + " a day")
                        .with("rounds", single.size() + " × seeds 1 to " + count)
                        .with(Target.atMost(MAX_MS, median, "ms of CPU")),
                Result.of("day.cluster.cpu_ms", Median.value(cluster, it -> it), "ms")
                        .withRounds(cluster, it -> it)
                        .with("rounds", cluster.size() + " × seeds 1 to " + clusterCount));
    }

    private record Measured(double millis, int orders) {}

    private static Measured millis(int count, LongFunction<SimulatedDay.Verdict> day) {
        var threads = ManagementFactory.getThreadMXBean();
        long startedAt = threads.getCurrentThreadCpuTime();
        int orders = 0;
        for (long seed = 1; seed <= count; seed++) {
            var verdict = day.apply(seed);
            if (!verdict.findings().isEmpty()) {
                throw new BenchException("The day of seed " + seed + " is wrong: "
                        + verdict.findings().getFirst());
            }
            orders += verdict.orders();
        }
        return new Measured((threads.getCurrentThreadCpuTime() - startedAt) / 1e6 / count, orders);
    }
}
