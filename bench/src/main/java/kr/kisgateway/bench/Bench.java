package kr.kisgateway.bench;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import kr.kisgateway.bench.result.Result;

/** Measures one target and its floor. */
public interface Bench {
    /** Names of parts that can run separately; empty when there are none. */
    default List<String> profiles() {
        return List.of();
    }

    /** What of {@code --seconds} and {@code --rounds} it reads: the command line refuses the other. */
    default Set<Options.Length> lengths() {
        return EnumSet.allOf(Options.Length.class);
    }

    /** Whether the command fails when a target is missed: where the targets are no goals of speed but the result. */
    default boolean isJudged() {
        return false;
    }

    /**
     * Runs to its end and returns its results; a floor has the name of its result with the suffix {@code .floor}.
     *
     * @throws BenchException when the subject failed, so that any figure would be wrong
     */
    List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException;
}
