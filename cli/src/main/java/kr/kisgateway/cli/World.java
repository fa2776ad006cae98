package kr.kisgateway.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import kr.kisgateway.terminal.Screen;

/**
 * What commands touch besides the gateway.
 *
 * @param out answers
 * @param err everything about the way to the answer, so that a program can read {@code out}
 * @param environment variables
 * @param folder what relative file names are relative to
 * @param keys idempotency keys, no two alike
 * @param pause waits that long
 * @param person asks whoever sits at the terminal a question that yes or no answers; absent without a terminal
 */
record World(
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Path folder,
        Supplier<String> keys,
        Consumer<Duration> pause,
        Optional<Predicate<String>> person) {

    World {
        environment = Map.copyOf(environment);
    }

    /** Columns of the terminal, as the launcher measured them ({@code KIS_COLUMNS}). */
    int width() {
        return Screen.width(variable("KIS_COLUMNS"));
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
