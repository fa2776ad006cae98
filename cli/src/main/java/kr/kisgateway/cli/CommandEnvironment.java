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
 * @param variables variables
 * @param workingFolder what relative file names are relative to
 * @param idempotencyKeys idempotency keys, no two alike
 * @param pause waits that long
 * @param prompt asks whoever sits at the terminal a question that yes or no answers; absent without a terminal
 */
record CommandEnvironment(
        PrintStream out,
        PrintStream err,
        Map<String, String> variables,
        Path workingFolder,
        Supplier<String> idempotencyKeys,
        Consumer<Duration> pause,
        Optional<Predicate<String>> prompt) {

    CommandEnvironment {
        variables = Map.copyOf(variables);
    }

    /** Columns of the terminal, as the launcher measured them ({@code KIS_COLUMNS}). */
    int width() {
        return Screen.width(variable("KIS_COLUMNS"));
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }
}
