package kr.kisgateway.bench;

import java.io.IOException;
import java.util.List;

/** Measures one promise and its floor. */
public interface Bench {
    /** Parts of it that can be run alone, by their names; empty when it is one whole. */
    default List<String> profiles() {
        return List.of();
    }

    /**
     * Runs to its end and gives what it measured; a floor is the result named like what it is the floor of, with
     * {@code .floor} behind.
     *
     * @throws BenchException when what should be measured did not behave, so that any figure would be wrong
     */
    List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException;
}
