package kr.kisgateway.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What comes before a measurement: the same work in turns, until the JVMs have compiled what it needs. */
final class WarmUp {
    /** A turn in which nothing becomes faster by more ends the warm-up. */
    private static final double STEADY = 1.05;

    private WarmUp() {}

    /** Work whose speed is measured: the larger, the faster. */
    interface Work {
        double speed() throws IOException, InterruptedException;
    }

    /**
     * Turns of each work, until none is faster than it ever was.
     *
     * @param maxTurns on a slow machine the compilers need more than a minute
     * @param unit of the speeds
     */
    static void untilSteady(BenchEnvironment environment, int maxTurns, String unit, Work... works)
            throws IOException, InterruptedException {
        environment.progress("warming up, until nothing becomes faster");
        var best = new double[works.length];
        int turns = environment.normalOrQuick(maxTurns, 1);
        for (int turn = 0; turn < turns; turn++) {
            var speeds = new double[works.length];
            boolean isSteady = true;
            for (int i = 0; i < works.length; i++) {
                speeds[i] = works[i].speed();
                isSteady &= speeds[i] < best[i] * STEADY;
                best[i] = Math.max(best[i], speeds[i]);
            }
            environment.progress(
                    Arrays.stream(speeds).mapToObj(Report::format).collect(Collectors.joining(", ")) + " " + unit);
            if (isSteady) return;
        }
    }
}
