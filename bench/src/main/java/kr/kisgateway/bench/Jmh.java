package kr.kisgateway.bench;

import kr.kisgateway.bench.result.BenchException;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** One benchmark of JMH at a time: one thread in a JVM of its own, in iterations of a second. */
final class Jmh {
    private Jmh() {}

    static ChainedOptionsBuilder options(Class<?> state, String method, int warmups, int iterations) {
        return new OptionsBuilder()
                .include("^" + state.getName().replace(".", "\\.") + "\\." + method + "$")
                .forks(1)
                .warmupIterations(warmups)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.seconds(1))
                .threads(1)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .jvmArgsAppend("-Djmh.ignoreLock=true");
    }

    static RunResult run(String method, ChainedOptionsBuilder options) {
        try {
            return new Runner(options.build()).runSingle();
        } catch (RunnerException e) {
            throw new BenchException("JMH could not measure " + method + ": " + e.getMessage(), e);
        }
    }
}
