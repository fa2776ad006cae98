package kr.kisgateway.bench.decode;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Operations per second of the processor time that an iteration actually got, which is what "on one core" means: on a
 * busy machine, wall-clock time would include other programs' work. Public because JMH instantiates it, in its own JVM.
 */
public final class CoreTime implements InternalProfiler {
    public static final String RESULT = "core";

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long before;

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        before = nanos();
    }

    @Override
    public Collection<ScalarResult> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double rate = result.getMetadata().getAllOps() * 1e9 / Math.max(1, nanos() - before);
        return List.of(new ScalarResult(RESULT, rate, "ops/s", AggregationPolicy.AVG));
    }

    @Override
    public String getDescription() {
        return "operations a second of processor time";
    }

    private long nanos() {
        long sum = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().contains("jmh-worker")) {
                sum += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return sum;
    }
}
